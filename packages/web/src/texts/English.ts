import type { Catalogue } from "./Catalogue.ts"
import { pluralIn } from "./Plural.ts"

const plural = pluralIn("en")

export const English: Catalogue = {
  locale: "en",
  direction: "ltr",

  product: "Indelible",
  cancel: "Cancel",
  close: "Close",
  back: "Back",
  tryAgain: "Try again",
  loading: "Loading…",
  broken: "This could not be shown.",
  loadAgain: "Back to messages",
  reload: "Load the page again",
  you: "You",
  deletedUser: "Deleted user",

  menu: "Menu",
  language: "Language",
  shortcuts: "Keyboard shortcuts",
  signOut: "Sign out…",
  beSomeoneElse: "Be someone else",
  signedInAs: (name) => `Signed in as ${name}`,

  conversations: "Messages",
  archived: "Archived",
  backToInbox: "Back to messages",
  newConversation: "New conversation",
  noConversations: "No conversations yet",
  noConversationsHint: "A conversation starts from a job application.",
  noneArchived: "Nothing is archived",
  listFailed: "Your conversations could not be loaded.",
  draft: "Draft:",
  noMessagesYet: "No messages yet",
  notRetained: "This message is no longer kept",
  unread: (count) => plural(count, { one: "# unread message", other: "# unread messages" }),
  notSentCount: (count) => plural(count, { one: "# message not sent", other: "# messages not sent" }),
  typing: "typing…",
  typingBy: (name) => `${name} is typing`,
  online: "online",
  offline: "offline",
  lastSeen: (when) => `last seen ${when}`,
  chooseConversation: "Pick a conversation",
  chooseConversationHint: "What is written here stays on record: nothing is lost, nothing is deleted.",

  messagesWith: (name) => `Messages with ${name}`,
  conversationMenu: "Conversation menu",
  archive: "Archive",
  reopen: "Re-open",
  archivedNow: "Conversation archived",
  reopenedNow: "Conversation re-opened",
  archivedNote: "This conversation is archived. Writing a message re-opens it.",
  newMessages: "New messages",
  firstUnread: (count) => plural(count, { one: "# new message", other: "# new messages" }),
  toNewest: "To the newest message",
  toNewestUnread: (count) =>
    plural(count, {
      one: "To the newest message, # unread",
      other: "To the newest message, # unread"
    }),
  beginning: "The conversation begins here",
  timelineFailed: "Messages could not be loaded.",
  conversationMissing: "There is no such conversation, or it is not yours.",
  archivedBy: {
    me: "You archived this conversation",
    other: "The other person archived this conversation",
    system: "This conversation was archived",
    inactivity: "Archived, since nothing was written for a long time"
  },
  reopenedBy: {
    me: "You re-opened this conversation",
    other: "The other person re-opened this conversation",
    system: "This conversation was re-opened"
  },
  states: {
    queued: "Waiting to be sent",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Not sent"
  },
  stateAt: (state, when) => `${{ sent: "Sent", delivered: "Delivered", read: "Read" }[state]} ${when}`,
  retry: "Send again",
  discard: "Discard",
  notSent: (reason) => `Not sent. ${reason}`,
  saidBy: (name, text) => `${name}: ${text}`,
  linkTo: (host) => `Link to ${host}`,

  writeTo: (name) => `Write to ${name}`,
  writeHint: "Message",
  send: "Send",
  charactersLeft: (count) => plural(count, { one: "# character left", other: "# characters left" }),
  charactersOver: (count) => plural(count, { one: "# character too many", other: "# characters too many" }),
  emoji: "Emoji",
  searchEmoji: "Search emoji",
  noEmoji: "No emoji found",

  search: "Search people and messages",
  searchHere: "Search in this conversation",
  searchHint: "Words, beginnings of words, or “a phrase”",
  searchFailed: "The search could not be done.",
  clear: "Clear",
  people: "People",
  messages: "Messages",
  nothingFound: (words) => `Nothing found for “${words}”`,
  moreResults: "More results",
  results: (count) => plural(count, { zero: "Nothing found", one: "# result", other: "# results" }),

  startTitle: "New conversation",
  startHint: "Every conversation belongs to a job application between the two of you.",
  application: "Application id",
  applicationWith: (name) => `With ${name}`,
  start: "Start",

  connecting: "Connecting…",
  waiting: (seconds) =>
    plural(seconds, {
      one: "No connection. Next try in # second",
      other: "No connection. Next try in # seconds"
    }),
  noNetwork: "No network. What you write is kept and sent later.",
  signedOut: "You are signed out.",
  signInAgain: "Sign in again",
  tryNow: "Try now",
  connectedAgain: "Connected again",

  signOutTitle: "Sign out?",
  signOutNow: "Sign out",
  signOutText: "Messages kept on this device are removed from it. They stay on record.",
  signOutUnsent: (count) =>
    plural(count, {
      one: "# message has not been sent yet and will be lost.",
      other: "# messages have not been sent yet and will be lost."
    }),
  whoTitle: "Who do you want to be?",
  whoText: "This is a development service: anyone may be anyone.",
  findPerson: "Find a person",
  personId: "Platform id",
  personIdHint: "Anyone the platform knows, by id",
  enter: "Continue",
  sharedComputer: "Shared computer",
  sharedComputerHint: "Keeps nothing on this device",
  roles: { business: "Business", worker: "Worker" },
  conversationCount: (count) => plural(count, { one: "# conversation", other: "# conversations" }),
  platformSignsIn: "Please sign in on the platform",
  platformSignsInText: "This messenger has no sign-in of its own. Open it from the platform you came from.",
  signInRefused: "This sign-in was not started from this page, so it was not used.",
  toSignIn: "Go to sign-in",

  keys: [
    { keys: "Ctrl K", does: "Search people and messages" },
    { keys: "Ctrl Shift K", does: "Search in this conversation" },
    { keys: "Alt ↑ / Alt ↓", does: "Conversation above or below" },
    { keys: "Alt N", does: "New conversation" },
    { keys: "Enter", does: "Send" },
    { keys: "Shift Enter", does: "New line" },
    { keys: "Esc", does: "Close, or back to the list" },
    { keys: "End", does: "To the newest message, in the messages" },
    { keys: "?", does: "These shortcuts" }
  ],
  refusals: {
    offline: "There is no connection right now.",
    timed_out: "The service took too long to answer.",
    signed_out: "You are signed out.",
    closed: "You are signed out.",
    invalid_text: "This text cannot be sent: it is empty, too long, or contains what cannot be kept.",
    storage_failed: "This device could not keep it. Its storage may be full.",
    forbidden: "You may not do this.",
    conversation_not_found: "There is no such conversation, or it is not yours.",
    message_not_found: "This message is not there.",
    application_required: "There is no open application of that id between you and someone else.",
    key_reused: "Another message was sent under the same name.",
    busy: "This conversation is busy. Try again in a moment.",
    overloaded: "The service is very busy. Try again in a moment.",
    unavailable: "Part of the service is away. Try again in a moment.",
    outcome_unknown: "It is not known whether it arrived. Sending it again is safe.",
    internal_error: "Something went wrong at the service."
  },
  refusedOtherwise: "It could not be done.",
  rateLimited: (minutes) =>
    plural(minutes, {
      one: "That was a lot at once. Try again in # minute.",
      other: "That was a lot at once. Try again in # minutes."
    })
}
