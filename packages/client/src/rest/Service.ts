import { ConversationChange } from "@indelible/api/conversation/ConversationChange"
import { ConversationPage, UnreadTotal } from "@indelible/api/conversation/ConversationPage"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { MessagePage } from "@indelible/api/message/MessagePage"
import { FoundConversations, FoundMessages } from "@indelible/api/search/FoundPages"
import { Effect, Schema } from "effect"
import type { ClientError } from "../ClientError.ts"
import { entryFromView } from "../held/FromViews.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import type { EntryPage } from "../held/Tail.ts"
import type { MessageSearch } from "../Search.ts"
import type { Rest } from "./Rest.ts"

const Started = Schema.Struct({ conversation: ConversationView })

/** Where a page of history lies; none: the newest. */
export type Place =
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number | string }
  | Record<string, never>

/** Entries of a page: as many as a screen or two show. */
export const PAGE = 50

/** What is asked of the service over HTTP. */
export class Service {
  readonly #rest: Rest

  constructor(rest: Rest) {
    this.#rest = rest
  }

  list(status: "active" | "archived", cursor: string | undefined) {
    return this.#rest.get(ConversationPage, "/conversations", { status, cursor, limit: PAGE })
  }

  one(id: string): Effect.Effect<ConversationView, ClientError> {
    return this.#rest.get(ConversationView, `/conversations/${encodeURIComponent(id)}`)
  }

  totalUnread() {
    return this.#rest.get(UnreadTotal, "/conversations/unread-count")
  }

  history({ id, side }: HeldConversation, place: Place): Effect.Effect<EntryPage, ClientError> {
    const path = `/conversations/${encodeURIComponent(id)}/messages`
    return Effect.map(
      this.#rest.get(MessagePage, path, { ...place, limit: PAGE }),
      ({ hasEarlier, hasLater, messages, reflects }): EntryPage => ({
        entries: messages.map((message) => entryFromView(message, side)),
        hasEarlier,
        hasLater,
        reflects: reflects?.pos ?? 0
      })
    )
  }

  start(applicationId: string) {
    return Effect.map(
      this.#rest.write(Started, "POST", "/conversations", { applicationId }),
      ({ conversation }) => conversation
    )
  }

  archive(id: string) {
    return this.#rest.write(ConversationChange, "PATCH", `/conversations/${encodeURIComponent(id)}/archive`)
  }

  reopen(id: string) {
    return this.#rest.write(ConversationChange, "PATCH", `/conversations/${encodeURIComponent(id)}/reopen`)
  }

  searchConversations({ cursor, words }: MessageSearch) {
    return this.#rest.get(FoundConversations, "/conversations/search", { q: words, cursor })
  }

  searchMessages({ cursor, order, words }: MessageSearch, conversationId?: string) {
    const path =
      conversationId === undefined
        ? "/messages/search"
        : `/conversations/${encodeURIComponent(conversationId)}/messages/search`
    return this.#rest.get(FoundMessages, path, { q: words, cursor, order })
  }
}
