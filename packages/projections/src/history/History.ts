import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Array, Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { Freshness } from "../engine/Freshness.ts"
import { readingTables } from "../engine/ReadModelUnavailable.ts"
import { type HistoryMessage, HistoryRow, messageOf } from "./HistoryMessage.ts"
import { historyProjection } from "./HistoryProjection.ts"

export const historyPageLimit = { usual: 50, most: 100 }

/** Which part of a conversation: its newest, or one at a position, which need not be a message's. */
export type HistoryPlace =
  | { readonly _tag: "Newest" }
  | { readonly _tag: "Before"; readonly pos: number }
  | { readonly _tag: "After"; readonly pos: number }
  /** The entry itself with what stands before and after it, half and half. */
  | { readonly _tag: "Around"; readonly pos: number }

export interface HistoryPage {
  /** In their order. */
  readonly messages: ReadonlyArray<HistoryMessage>
  readonly hasEarlier: boolean
  readonly hasLater: boolean
  /**
   * The newest event that all of this reflects, receipts included: a client may resume from here. Null while nothing of
   * the conversation has got here.
   */
  readonly reflects: { readonly pos: number; readonly tag: string } | null
}

const nothing: HistoryPage = { messages: [], hasEarlier: false, hasLater: false, reflects: null }

const Frame = Schema.Struct({
  head_pos: Schema.Int,
  head_tag: Schema.String,
  has_earlier: Schema.Boolean,
  has_later: Schema.Boolean
})
const decodeFrame = Schema.decodeUnknownEffect(Frame)
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(HistoryRow))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const freshness = yield* Freshness
  const fresh = (token: PositionToken | undefined) => freshness.atLeast([historyProjection.name], token)

  const backwards = (conversation: ConversationId, below: Statement.Fragment, limit: number) => sql`
    SELECT *
    FROM history.message
    WHERE conversation_id = ${conversation} AND ${below}
    ORDER BY pos DESC
    LIMIT ${limit}`

  const forwards = (conversation: ConversationId, after: number, limit: number) => sql`
    SELECT *
    FROM history.message
    WHERE conversation_id = ${conversation} AND pos > ${after}
    ORDER BY pos
    LIMIT ${limit}`

  const select = (conversation: ConversationId, place: HistoryPlace, limit: number): Statement.Fragment => {
    switch (place._tag) {
      case "Newest":
        return backwards(conversation, sql`true`, limit)
      case "Before":
        return backwards(conversation, sql`pos < ${place.pos}`, limit)
      case "After":
        return forwards(conversation, place.pos, limit)
      case "Around": {
        const later = Math.floor(limit / 2)
        return sql`
          (${backwards(conversation, sql`pos <= ${place.pos}`, limit - later)})
          UNION ALL
          (${forwards(conversation, place.pos, later)})`
      }
    }
  }

  const firstReceipt = (kind: "delivered" | "read") => sql`
    LEFT JOIN LATERAL (
      SELECT at
      FROM history.receipt
      WHERE receipt.conversation_id = page.conversation_id
        AND reader = CASE page.side WHEN 'business' THEN 'worker' ELSE 'business' END
        AND kind = ${kind}
        AND up_to >= page.seq
      ORDER BY up_to
      LIMIT 1
    ) AS ${sql(kind)} ON true`

  // One statement is one snapshot: messages, receipts and the position that they reflect belong together.
  const selectPage = (conversation: ConversationId, place: HistoryPlace, limit: number) => {
    // An empty page still lies somewhere: between these two.
    const [before, after] =
      place._tag === "Newest"
        ? [0, 0]
        : place._tag === "Before"
          ? [place.pos - 1, place.pos]
          : [place.pos, place.pos + 1]
    return sql`
      WITH page AS MATERIALIZED (${select(conversation, place, limit)}),
      -- min and max, not EXISTS, which would be planned as a scan that hopes to hit early.
      whole AS (
        SELECT min(pos) AS first, max(pos) AS last FROM history.message WHERE conversation_id = ${conversation}
      ),
      edge AS (SELECT coalesce(min(pos), ${after}) AS first, coalesce(max(pos), ${before}) AS last FROM page)
      SELECT
        head.pos AS head_pos,
        head.tag AS head_tag,
        coalesce(whole.first < edge.first, false) AS has_earlier,
        coalesce(whole.last > edge.last, false) AS has_later,
        page.*,
        least(delivered.at, read.at) AS delivered_at,
        read.at AS read_at
      FROM history.conversation AS head
      CROSS JOIN whole
      CROSS JOIN edge
      LEFT JOIN page ON true
      ${firstReceipt("delivered")}
      ${firstReceipt("read")}
      WHERE head.conversation_id = ${conversation}
      ORDER BY page.pos`
  }

  const readPage = Effect.fnUntraced(function* (
    conversation: ConversationId,
    place: HistoryPlace,
    limit: number
  ) {
    const rows = yield* selectPage(conversation, place, limit)
    const [first] = rows
    if (first === undefined) return nothing
    const { has_earlier, has_later, head_pos, head_tag } = yield* decodeFrame(first)
    const entries = yield* decodeRows(rows.filter((row) => row.pos !== null))
    const page: HistoryPage = {
      messages: entries.map(messageOf),
      hasEarlier: has_earlier,
      hasLater: has_later,
      reflects: { pos: head_pos, tag: head_tag }
    }
    return page
  })

  return {
    /** Part of a conversation, at most `limit` entries (1 to 100) in their order. Costs the same at any depth. */
    page: Effect.fn("History.page")(function* (
      conversation: ConversationId,
      place: HistoryPlace,
      limit: number,
      token?: PositionToken
    ) {
      yield* fresh(token)
      return yield* readingTables(readPage(conversation, place, limit))
    }),
    /** The entry at a position, if there is one. */
    messageAt: Effect.fn("History.messageAt")(function* (
      conversation: ConversationId,
      pos: number,
      token?: PositionToken
    ) {
      yield* fresh(token)
      const { messages } = yield* readingTables(readPage(conversation, { _tag: "Around", pos }, 1))
      return Option.filter(Array.head(messages), (message) => message.pos === pos)
    })
  }
})

/** The entries of conversations. Who may ask is decided before: these answer whatever is asked. */
export class History extends Context.Service<History, Effect.Success<typeof make>>()(
  "@indelible/projections/history/History"
) {
  static readonly layer = Layer.effect(this, make)
}
