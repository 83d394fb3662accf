import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { HitRow } from "./MessageHit.ts"

/** Where a message stands among those of all conversations; milliseconds, as finely as the log tells time. */
export const HitPlace = Schema.Struct({ at: Schema.Int, id: ConversationId, pos: Schema.Int })
export type HitPlace = typeof HitPlace.Type

export const placeOf = (row: typeof HitRow.Type): HitPlace => ({
  at: row.sent_at.getTime(),
  id: row.conversation_id,
  pos: row.pos
})

/** To be compared with `(sent_at, conversation_id, pos)`. */
export const placeText = (sql: SqlClient.SqlClient, { at, id, pos }: HitPlace) =>
  sql`(${new Date(at)}::timestamptz, ${id}::uuid, ${pos}::int)`
