import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Hash, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { cursorsOf } from "../engine/Cursor.ts"
import { Freshness } from "../engine/Freshness.ts"
import { HitPlace, placeOf } from "./HitPlace.ts"
import { hitOf, type MessageHit } from "./MessageHit.ts"
import { newestHits } from "./NewestHits.ts"
import { ownMessages } from "./OwnMessages.ts"
import { RankedPlace, rankedHits, spanOf } from "./RankedHits.ts"
import { searchQuery } from "./ReadQuery.ts"
import { Searching } from "./Searching.ts"
import { searchProjection } from "./SearchProjection.ts"
import { findsAnything, type SearchQuery } from "./SearchQuery.ts"

/** `rank`: of the newest 1,000 hits those first that answer best. */
export type SearchOrder = "newest" | "rank"

export const searchPageLimit = { usual: 50, most: 50 }

export interface MessageSearchQuery {
  readonly subject: SubjectId
  /** This one alone; all of the person's, if absent. */
  readonly conversation?: ConversationId
  /** As it was typed. */
  readonly text: string
  readonly order: SearchOrder
  /** 1 to 50. */
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
  readonly token?: PositionToken | undefined
}

export interface MessagePage {
  readonly hits: ReadonlyArray<MessageHit>
  readonly next: string | null
}

const nothing: MessagePage = { hits: [], next: null }

const timeCursors = cursorsOf("search by time", HitPlace)
const rankCursors = cursorsOf("search by rank", RankedPlace)

/** What a cursor is good for besides the person. A hash, for the text may be long; a cursor grants nothing anyway. */
const scopeOf = ({ conversation, text }: MessageSearchQuery) =>
  `${conversation ?? "all"}/${Hash.string(text)}`

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const freshness = yield* Freshness
  const searching = yield* Searching

  /** What is to be found, as a condition; null when nothing can be. */
  const soughtBy = Effect.fnUntraced(function* (
    { conversation, subject, token }: MessageSearchQuery,
    query: SearchQuery
  ) {
    yield* freshness.atLeast([searchProjection.name], token)
    return findsAnything(query) ? ownMessages(sql, subject, conversation ?? null, query) : null
  })

  const newest = Effect.fnUntraced(function* (search: MessageSearchQuery, query: SearchQuery) {
    const { cursor, limit, subject } = search
    const scope = scopeOf(search)
    const after = cursor === undefined ? null : yield* timeCursors.decode(subject, scope, cursor)
    const sought = yield* soughtBy(search, query)
    if (sought === null) return nothing
    const rows = yield* searching.run(newestHits(sql, sought, after, limit + 1))
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      hits: page.map((row) => hitOf(row, query)),
      next: last === undefined ? null : timeCursors.encode(subject, scope, placeOf(last))
    }
  })

  const best = Effect.fnUntraced(function* (search: MessageSearchQuery, query: SearchQuery) {
    const { cursor, limit, subject } = search
    const scope = scopeOf(search)
    const after = cursor === undefined ? null : yield* rankCursors.decode(subject, scope, cursor)
    const sought = yield* soughtBy(search, query)
    if (sought === null) return nothing
    const rows = yield* searching.run(rankedHits(sql, sought, query, after, limit + 1))
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const place = last && { ...placeOf(last), rank: last.rank, span: after?.span ?? spanOf(last) }
    return {
      hits: page.map((row) => hitOf(row, query)),
      next: place === undefined ? null : rankCursors.encode(subject, scope, place)
    }
  })

  return {
    /**
     * A page of those of a person's own messages that a text finds. What existed when the first page was asked for is
     * neither repeated nor left out, whatever comes meanwhile.
     */
    page: Effect.fn("MessageSearch.page")(function* (search: MessageSearchQuery) {
      const query = yield* Effect.fromResult(searchQuery(search.text))
      return yield* search.order === "newest" ? newest(search, query) : best(search, query)
    })
  }
})

/** Search among messages: those of whoever is named, and of nobody else. */
export class MessageSearch extends Context.Service<MessageSearch, Effect.Success<typeof make>>()(
  "@indelible/projections/search/MessageSearch"
) {
  static readonly layer = Layer.effect(this, make)
}
