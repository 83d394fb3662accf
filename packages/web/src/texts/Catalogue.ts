import type { KnownRefusal } from "./Refusal.ts"

/** Everything the messenger says, in one language. The type sees to it that no language lacks a text. */
export interface Catalogue {
  readonly locale: string
  readonly direction: "ltr" | "rtl"

  readonly product: string
  readonly cancel: string
  readonly close: string
  readonly back: string
  readonly tryAgain: string
  readonly loading: string
  readonly broken: string
  readonly loadAgain: string
  readonly reload: string
  readonly you: string
  readonly deletedUser: string

  readonly menu: string
  readonly language: string
  readonly shortcuts: string
  readonly signOut: string
  readonly beSomeoneElse: string
  readonly signedInAs: (name: string) => string

  readonly conversations: string
  readonly archived: string
  readonly backToInbox: string
  readonly newConversation: string
  readonly noConversations: string
  readonly noConversationsHint: string
  readonly noneArchived: string
  readonly listFailed: string
  readonly draft: string
  readonly noMessagesYet: string
  readonly notRetained: string
  readonly unread: (count: number) => string
  readonly notSentCount: (count: number) => string
  readonly typing: string
  readonly typingBy: (name: string) => string
  readonly online: string
  readonly offline: string
  readonly lastSeen: (when: string) => string
  readonly chooseConversation: string
  readonly chooseConversationHint: string

  readonly messagesWith: (name: string) => string
  readonly conversationMenu: string
  readonly archive: string
  readonly reopen: string
  readonly archivedNow: string
  readonly reopenedNow: string
  readonly archivedNote: string
  readonly newMessages: string
  readonly firstUnread: (count: number) => string
  readonly toNewest: string
  readonly toNewestUnread: (count: number) => string
  readonly beginning: string
  readonly timelineFailed: string
  readonly conversationMissing: string
  readonly archivedBy: Readonly<Record<"me" | "other" | "system" | "inactivity", string>>
  readonly reopenedBy: Readonly<Record<"me" | "other" | "system", string>>
  readonly states: Readonly<Record<"queued" | "sent" | "delivered" | "read" | "failed", string>>
  readonly stateAt: (state: "sent" | "delivered" | "read", when: string) => string
  readonly retry: string
  readonly discard: string
  readonly notSent: (reason: string) => string
  readonly saidBy: (name: string, text: string) => string
  readonly linkTo: (host: string) => string

  readonly writeTo: (name: string) => string
  readonly writeHint: string
  readonly send: string
  readonly charactersLeft: (count: number) => string
  readonly charactersOver: (count: number) => string
  readonly emoji: string
  readonly searchEmoji: string
  readonly noEmoji: string

  readonly search: string
  readonly searchHere: string
  readonly searchHint: string
  readonly searchFailed: string
  readonly clear: string
  readonly people: string
  readonly messages: string
  readonly nothingFound: (words: string) => string
  readonly moreResults: string
  readonly results: (count: number) => string

  readonly startTitle: string
  readonly startHint: string
  readonly application: string
  readonly applicationWith: (name: string) => string
  readonly start: string

  readonly connecting: string
  readonly waiting: (seconds: number) => string
  readonly noNetwork: string
  readonly signedOut: string
  readonly signInAgain: string
  readonly tryNow: string
  readonly connectedAgain: string

  readonly signOutTitle: string
  readonly signOutNow: string
  readonly signOutText: string
  readonly signOutUnsent: (count: number) => string
  readonly whoTitle: string
  readonly whoText: string
  readonly findPerson: string
  readonly personId: string
  readonly personIdHint: string
  readonly enter: string
  readonly sharedComputer: string
  readonly sharedComputerHint: string
  readonly roles: Readonly<Record<"business" | "worker", string>>
  readonly conversationCount: (count: number) => string
  readonly platformSignsIn: string
  readonly platformSignsInText: string
  readonly signInRefused: string
  readonly toSignIn: string

  readonly keys: ReadonlyArray<{ readonly keys: string; readonly does: string }>
  readonly refusals: Readonly<Record<KnownRefusal, string>>
  readonly refusedOtherwise: string
  readonly rateLimited: (minutes: number) => string
}
