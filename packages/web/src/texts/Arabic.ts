import type { Catalogue } from "./Catalogue.ts"
import { pluralIn } from "./Plural.ts"

const plural = pluralIn("ar")

export const Arabic: Catalogue = {
  locale: "ar",
  direction: "rtl",

  product: "Indelible",
  cancel: "إلغاء",
  close: "إغلاق",
  back: "رجوع",
  tryAgain: "أعد المحاولة",
  loading: "جارٍ التحميل…",
  broken: "تعذّر عرض هذا.",
  loadAgain: "العودة إلى الرسائل",
  reload: "إعادة تحميل الصفحة",
  you: "أنت",
  deletedUser: "مستخدم محذوف",

  menu: "القائمة",
  language: "اللغة",
  shortcuts: "اختصارات لوحة المفاتيح",
  signOut: "تسجيل الخروج…",
  beSomeoneElse: "الدخول بشخص آخر",
  signedInAs: (name) => `الدخول باسم ${name}`,

  conversations: "الرسائل",
  archived: "المؤرشفة",
  backToInbox: "العودة إلى الرسائل",
  newConversation: "محادثة جديدة",
  noConversations: "لا توجد محادثات بعد",
  noConversationsHint: "تبدأ المحادثة من طلب توظيف.",
  noneArchived: "لا يوجد شيء مؤرشف",
  listFailed: "تعذّر تحميل محادثاتك.",
  draft: "مسودة:",
  noMessagesYet: "لا توجد رسائل بعد",
  notRetained: "لم تعد هذه الرسالة محفوظة",
  unread: (count) =>
    plural(count, {
      zero: "لا رسائل غير مقروءة",
      one: "رسالة واحدة غير مقروءة",
      two: "رسالتان غير مقروءتين",
      few: "# رسائل غير مقروءة",
      many: "# رسالة غير مقروءة",
      other: "# رسالة غير مقروءة"
    }),
  notSentCount: (count) =>
    plural(count, {
      one: "رسالة واحدة لم تُرسل",
      two: "رسالتان لم تُرسلا",
      few: "# رسائل لم تُرسل",
      other: "# رسالة لم تُرسل"
    }),
  typing: "يكتب…",
  typingBy: (name) => `${name} يكتب الآن`,
  online: "متصل",
  offline: "غير متصل",
  lastSeen: (when) => `آخر ظهور ${when}`,
  chooseConversation: "اختر محادثة",
  chooseConversationHint: "ما يُكتب هنا يبقى محفوظًا: لا يضيع شيء ولا يُحذف شيء.",

  messagesWith: (name) => `الرسائل مع ${name}`,
  conversationMenu: "قائمة المحادثة",
  archive: "أرشفة",
  reopen: "إعادة فتح",
  archivedNow: "أُرشفت المحادثة",
  reopenedNow: "أُعيد فتح المحادثة",
  archivedNote: "هذه المحادثة مؤرشفة. كتابة رسالة تعيد فتحها.",
  newMessages: "رسائل جديدة",
  firstUnread: (count) =>
    plural(count, {
      one: "رسالة جديدة واحدة",
      two: "رسالتان جديدتان",
      few: "# رسائل جديدة",
      other: "# رسالة جديدة"
    }),
  toNewest: "إلى أحدث رسالة",
  toNewestUnread: (count) =>
    plural(count, {
      one: "إلى أحدث رسالة، واحدة غير مقروءة",
      two: "إلى أحدث رسالة، اثنتان غير مقروءتين",
      other: "إلى أحدث رسالة، # غير مقروءة"
    }),
  beginning: "هنا تبدأ المحادثة",
  timelineFailed: "تعذّر تحميل الرسائل.",
  conversationMissing: "لا توجد محادثة كهذه، أو أنها ليست لك.",
  archivedBy: {
    me: "أرشفتَ هذه المحادثة",
    other: "أرشف الطرف الآخر هذه المحادثة",
    system: "أُرشفت هذه المحادثة",
    inactivity: "أُرشفت لأنه لم يُكتب فيها شيء منذ مدة طويلة"
  },
  reopenedBy: {
    me: "أعدتَ فتح هذه المحادثة",
    other: "أعاد الطرف الآخر فتح هذه المحادثة",
    system: "أُعيد فتح هذه المحادثة"
  },
  states: {
    queued: "بانتظار الإرسال",
    sent: "أُرسلت",
    delivered: "وصلت",
    read: "قُرئت",
    failed: "لم تُرسل"
  },
  stateAt: (state, when) => `${{ sent: "أُرسلت", delivered: "وصلت", read: "قُرئت" }[state]} ${when}`,
  retry: "أرسل مجددًا",
  discard: "تجاهل",
  notSent: (reason) => `لم تُرسل. ${reason}`,
  saidBy: (name, text) => `${name}: ${text}`,
  linkTo: (host) => `رابط إلى ${host}`,

  writeTo: (name) => `اكتب إلى ${name}`,
  writeHint: "رسالة",
  send: "إرسال",
  charactersLeft: (count) =>
    plural(count, {
      zero: "لم يبقَ أي حرف",
      one: "بقي حرف واحد",
      two: "بقي حرفان",
      few: "بقيت # أحرف",
      other: "بقي # حرفًا"
    }),
  charactersOver: (count) =>
    plural(count, {
      one: "حرف واحد زائد",
      two: "حرفان زائدان",
      few: "# أحرف زائدة",
      other: "# حرفًا زائدًا"
    }),
  emoji: "رموز تعبيرية",
  searchEmoji: "ابحث في الرموز (بالإنجليزية)",
  noEmoji: "لم يُعثر على رمز",

  search: "ابحث في الأشخاص والرسائل",
  searchHere: "ابحث في هذه المحادثة",
  searchHint: "كلمات أو بداياتها أو «عبارة»",
  searchFailed: "تعذّر البحث.",
  clear: "مسح",
  people: "الأشخاص",
  messages: "الرسائل",
  nothingFound: (words) => `لم يُعثر على شيء عن «${words}»`,
  moreResults: "نتائج أخرى",
  results: (count) =>
    plural(count, {
      zero: "لا نتائج",
      one: "نتيجة واحدة",
      two: "نتيجتان",
      few: "# نتائج",
      other: "# نتيجة"
    }),

  startTitle: "محادثة جديدة",
  startHint: "كل محادثة تخص طلب توظيف بينكما.",
  application: "رقم الطلب",
  applicationWith: (name) => `مع ${name}`,
  start: "ابدأ",

  connecting: "جارٍ الاتصال…",
  waiting: (seconds) =>
    plural(seconds, {
      zero: "لا اتصال. المحاولة التالية الآن",
      one: "لا اتصال. المحاولة التالية بعد ثانية",
      two: "لا اتصال. المحاولة التالية بعد ثانيتين",
      few: "لا اتصال. المحاولة التالية بعد # ثوانٍ",
      other: "لا اتصال. المحاولة التالية بعد # ثانية"
    }),
  noNetwork: "لا توجد شبكة. ما تكتبه يُحفظ ويُرسل لاحقًا.",
  signedOut: "انتهى تسجيل دخولك.",
  signInAgain: "سجّل الدخول مجددًا",
  tryNow: "حاول الآن",
  connectedAgain: "عاد الاتصال",

  signOutTitle: "هل تريد تسجيل الخروج؟",
  signOutNow: "تسجيل الخروج",
  signOutText: "تُزال الرسائل المحفوظة على هذا الجهاز منه، وتبقى في السجل.",
  signOutUnsent: (count) =>
    plural(count, {
      one: "رسالة واحدة لم تُرسل بعد وستضيع.",
      two: "رسالتان لم تُرسلا بعد وستضيعان.",
      few: "# رسائل لم تُرسل بعد وستضيع.",
      other: "# رسالة لم تُرسل بعد وستضيع."
    }),
  whoTitle: "من تريد أن تكون؟",
  whoText: "هذه خدمة للتطوير: لكل أحد أن يكون من يشاء.",
  findPerson: "ابحث عن شخص",
  personId: "معرّف المنصة",
  personIdHint: "أي شخص تعرفه المنصة، بمعرّفه",
  enter: "متابعة",
  sharedComputer: "حاسوب مشترك",
  sharedComputerHint: "لا يُحفظ شيء على هذا الجهاز",
  roles: { business: "صاحب عمل", worker: "عامل" },
  conversationCount: (count) =>
    plural(count, {
      zero: "لا محادثات",
      one: "محادثة واحدة",
      two: "محادثتان",
      few: "# محادثات",
      other: "# محادثة"
    }),
  platformSignsIn: "سجّل الدخول من المنصة",
  platformSignsInText: "ليس لهذا البرنامج تسجيل دخول خاص به. افتحه من المنصة التي جئت منها.",
  signInRefused: "لم يبدأ تسجيل الدخول هذا من هذه الصفحة، لذلك لم يُستخدم.",
  toSignIn: "إلى تسجيل الدخول",

  keys: [
    { keys: "Ctrl K", does: "البحث في الأشخاص والرسائل" },
    { keys: "Ctrl Shift K", does: "البحث في هذه المحادثة" },
    { keys: "Alt ↑ / Alt ↓", does: "المحادثة السابقة أو التالية" },
    { keys: "Alt N", does: "محادثة جديدة" },
    { keys: "Enter", does: "إرسال" },
    { keys: "Shift Enter", does: "سطر جديد" },
    { keys: "Esc", does: "إغلاق، أو العودة إلى القائمة" },
    { keys: "End", does: "إلى أحدث رسالة، داخل الرسائل" },
    { keys: "?", does: "هذه الاختصارات" }
  ],
  refusals: {
    offline: "لا يوجد اتصال الآن.",
    timed_out: "تأخرت الخدمة في الرد.",
    signed_out: "انتهى تسجيل دخولك.",
    closed: "انتهى تسجيل دخولك.",
    invalid_text: "لا يمكن إرسال هذا النص: إنه فارغ أو طويل جدًا أو فيه ما لا يُحفظ.",
    storage_failed: "لم يستطع هذا الجهاز حفظها. قد تكون مساحته ممتلئة.",
    forbidden: "لا يحق لك ذلك.",
    conversation_not_found: "لا توجد محادثة كهذه، أو أنها ليست لك.",
    message_not_found: "هذه الرسالة غير موجودة.",
    application_required: "لا يوجد طلب مفتوح بهذا الرقم بينك وبين شخص آخر.",
    key_reused: "أُرسلت رسالة أخرى بالاسم نفسه.",
    busy: "هذه المحادثة مشغولة. حاول بعد لحظات.",
    overloaded: "الخدمة مشغولة جدًا. حاول بعد لحظات.",
    unavailable: "جزء من الخدمة غير متاح. حاول بعد لحظات.",
    outcome_unknown: "لا يُعرف إن كانت قد وصلت. إعادة إرسالها آمنة.",
    internal_error: "حدث خطأ في الخدمة."
  },
  refusedOtherwise: "تعذّر ذلك.",
  rateLimited: (minutes) =>
    plural(minutes, {
      one: "كان ذلك كثيرًا دفعة واحدة. حاول بعد دقيقة.",
      two: "كان ذلك كثيرًا دفعة واحدة. حاول بعد دقيقتين.",
      few: "كان ذلك كثيرًا دفعة واحدة. حاول بعد # دقائق.",
      other: "كان ذلك كثيرًا دفعة واحدة. حاول بعد # دقيقة."
    })
}
