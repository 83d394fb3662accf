// The face of a package that others install: the one place in this repository that re-exports.
export type { Client, ClientOptions, ConversationLister } from "./Client.ts"
export { ClientError } from "./ClientError.ts"
export type { ConnectionState } from "./ConnectionState.ts"
export type { Conversation, ConversationList, LastMessage, Person, Presence } from "./Conversation.ts"
export { createClient } from "./createClient.ts"
export type { Entry, MessageEntry, MessageState, Metadata, SystemEntry } from "./Entry.ts"
export type { Observable } from "./Observable.ts"
export type { OpenConversation, Timeline } from "./OpenConversation.ts"
export type {
  Excerpt,
  FoundConversation,
  FoundConversations,
  FoundMessage,
  FoundMessages,
  MessageSearch
} from "./Search.ts"
export type { Change, ClientStore, Collection } from "./store/ClientStore.ts"
