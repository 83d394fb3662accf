import type { ConnectionState } from "./ConnectionState.ts"
import type { Conversation, ConversationList } from "./Conversation.ts"
import type { Observable } from "./Observable.ts"
import type { OpenConversation } from "./OpenConversation.ts"
import type { FoundConversations, FoundMessages, MessageSearch } from "./Search.ts"
import type { ClientStore } from "./store/ClientStore.ts"

export interface ConversationLister extends Observable<ConversationList> {
  /** Loads the next page, or tries again what failed. */
  readonly more: () => Promise<void>
}

/** One person's messages, kept up to date, on this device. */
export interface Client {
  readonly userId: string
  readonly connection: Observable<ConnectionState>
  /** Conversations that are not archived. */
  readonly inbox: ConversationLister
  /** The archived ones; loaded from the first subscription on. */
  readonly archive: ConversationLister
  /** Unread messages in all conversations. */
  readonly unread: Observable<number>

  /** Opens a conversation to look at it; close each when it is no longer looked at. */
  readonly open: (conversationId: string) => OpenConversation
  /** The conversation of a job application, which begins if there is none yet. @throws ClientError */
  readonly start: (applicationId: string) => Promise<Conversation>
  /** Among one's own conversations, by the other person's name and by text. @throws ClientError */
  readonly searchConversations: (
    query: Pick<MessageSearch, "words" | "cursor">
  ) => Promise<FoundConversations>
  /** Among the messages of all one's conversations. @throws ClientError */
  readonly searchMessages: (query: MessageSearch) => Promise<FoundMessages>

  /** Does not wait for the next attempt to connect. */
  readonly connectNow: () => void
  /** Ends it, and leaves cache and outbox for the next time. */
  readonly close: () => Promise<void>
  /**
   * Ends it in every tab and forgets everything of this person on this device, unsent messages included:
   * `unsent` tells beforehand how many there are.
   */
  readonly signOut: () => Promise<void>
  /** One's own messages that the service does not have on record yet, failed ones included. */
  readonly unsent: Observable<number>
}

export interface ClientOptions {
  /** Who this is: the platform's id of the person, as the token's `sub`. What is kept on this device is kept by it. */
  readonly userId: string
  /**
   * Answers a token of this person. Asked before each connection; with `renew` the last one was refused or is about to
   * expire, so answer another. A rejection is taken for want of a network: it is asked for again. Where nobody is signed
   * in any more reject with `new ClientError("signed_out", why)`: that, or a token that is refused again, makes the
   * connection `signed-out`.
   */
  readonly token: (request: { readonly renew: boolean }) => Promise<string>
  /** Where the service is, such as `https://chat.example.com`. In a browser the page's own origin unless given. */
  readonly url?: string
  /**
   * `device`: cache, drafts and outbox outlive the page, in IndexedDB. `memory`: nothing is written to the device, for
   * computers that others use as well; what was not sent is gone with the page. Unless given: `device` where there is
   * IndexedDB.
   */
  readonly keep?: "device" | "memory"
  /** Where to keep it instead of IndexedDB: a store of one's own, for this person and service alone. */
  readonly store?: ClientStore
}
