import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { Freshness } from "../engine/Freshness.ts"
import { readingTables } from "../engine/ReadModelUnavailable.ts"
import { unreadProjection } from "./UnreadProjection.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const freshness = yield* Freshness

  const count = (
    query: Effect.Effect<ReadonlyArray<{ readonly unread: number }>, SqlError.SqlError>,
    token: PositionToken | undefined
  ) =>
    Effect.andThen(
      freshness.atLeast([unreadProjection.name], token),
      Effect.map(readingTables(query), ([row]) => row?.unread ?? 0)
    )

  return {
    /** Messages of the other side that this person has not read; 0 in a conversation that is not theirs. */
    inConversation: Effect.fn("Unread.inConversation")(function* (
      subject: SubjectId,
      conversation: ConversationId,
      token?: PositionToken
    ) {
      const query = sql<{ unread: number }>`
        SELECT unread
        FROM unread.conversation
        WHERE subject_id = ${subject} AND conversation_id = ${conversation}`
      return yield* count(query, token)
    }),
    /** The same in all conversations of each of these people, by one query. */
    totals: Effect.fn("Unread.totals")(function* (subjects: ReadonlyArray<SubjectId>, token?: PositionToken) {
      yield* freshness.atLeast([unreadProjection.name], token)
      const rows = yield* readingTables(sql<{ subject_id: string; unread: number }>`
        SELECT subject_id, sum(unread)::int AS unread
        FROM unread.conversation
        WHERE subject_id = ANY(${[...subjects]}::uuid[])
        GROUP BY subject_id`)
      return new Map(rows.map(({ subject_id, unread }) => [subject_id, unread]))
    }),
    /** The same in all of a person's conversations, archived ones included. */
    total: Effect.fn("Unread.total")(function* (subject: SubjectId, token?: PositionToken) {
      const query = sql<{ unread: number }>`
        SELECT coalesce(sum(unread), 0)::int AS unread
        FROM unread.conversation
        WHERE subject_id = ${subject}`
      return yield* count(query, token)
    })
  }
})

/** Unread counts. Who may ask is decided before: these answer whatever is asked. */
export class Unread extends Context.Service<Unread, Effect.Success<typeof make>>()(
  "@indelible/projections/unread/Unread"
) {
  static readonly layer = Layer.effect(this, make)
}
