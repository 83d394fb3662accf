import type { ClientError } from "./ClientError.ts"
import type { Conversation } from "./Conversation.ts"
import type { Entry, Metadata } from "./Entry.ts"
import type { Observable } from "./Observable.ts"
import type { FoundMessages, MessageSearch } from "./Search.ts"

/** A stretch of a conversation without holes, oldest first, as far as it was loaded. */
export interface Timeline {
  readonly entries: ReadonlyArray<Entry>
  readonly hasEarlier: boolean
  /** What is newest is not here: this stretch was reached by `goTo`. New messages do not show until `goToNewest`. */
  readonly hasLater: boolean
  /** `first`: nothing is here yet. */
  readonly loading: "first" | "earlier" | "later" | "elsewhere" | "idle"
  /** Why the last loading failed; the same call tries again. */
  readonly error: ClientError | null
  /** `pos` of the first message that was unread when the conversation was opened here; null: none. */
  readonly firstUnread: number | null
}

/**
 * A conversation that one looks at. While it is open its presence and typing are told, also after a new connection.
 * Nothing here throws for want of a connection: what can wait waits, and what cannot says so in its own state.
 */
export interface OpenConversation {
  readonly id: string
  /** undefined until it is known, and for ever if there is none: then `timeline` has the error `conversation_not_found`. */
  readonly conversation: Observable<Conversation | undefined>
  readonly timeline: Observable<Timeline>

  /** Loads what is before or after; nothing happens where there is nothing, or while something is loaded. */
  readonly earlier: () => Promise<void>
  readonly later: () => Promise<void>
  /** Shows the stretch round a place, as of a search hit: its `pos` or message id. */
  readonly goTo: (place: number | string) => Promise<void>
  /** Shows the stretch that ends with the newest. */
  readonly goToNewest: () => Promise<void>
  /** Shows the stretch round the first unread message; answers its `pos`, or null if there is none. */
  readonly goToFirstUnread: () => Promise<number | null>

  /**
   * Writes a message: it shows at once as `queued`, is kept on this device until the service has it on record, and goes
   * out in the order of writing. Answers its `clientMessageId` once this device has kept it.
   *
   * @throws ClientError `invalid_text`, with nothing written; `storage_failed`
   */
  readonly send: (text: string, options?: { readonly metadata?: Metadata }) => Promise<string>
  /** Sends a failed message again, and with it all that wait behind it. */
  readonly retry: (clientMessageId: string) => Promise<void>
  /** Takes back a message that failed. What the service may have on record all the same comes back as `sent`. */
  readonly discard: (clientMessageId: string) => Promise<void>

  /** Keeps what one began to write, on this device. */
  readonly setDraft: (text: string) => void
  /** One types, or stopped: as often as keys are pressed; what is sent is throttled and ends by itself. */
  readonly typing: (active: boolean) => void
  /**
   * The entry at `pos` and all before it are on the screen. They count as read as soon as the page is visible and has
   * the focus, and not before.
   */
  readonly seen: (pos: number) => void

  /** Both people see it. Answers once it is on record. @throws ClientError */
  readonly archive: () => Promise<void>
  readonly reopen: () => Promise<void>
  /** @throws ClientError */
  readonly search: (query: MessageSearch) => Promise<FoundMessages>
  /** No longer looked at. */
  readonly close: () => void
}
