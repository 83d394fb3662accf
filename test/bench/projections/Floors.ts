import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** What one INSERT ... SELECT a table makes of events that are decoded already, into the same tables. */
const floors: Readonly<Record<string, (schema: string) => ReadonlyArray<string>>> = {
  inbox: (schema) => [
    `INSERT INTO ${schema}.conversation
     SELECT person.subject, newest.conversation_id, newest.slice, person.side, person.other, newest.status, newest.pos,
       newest.tag, coalesce(message.recorded_at, first.recorded_at), newest.seq, message.pos, message.side,
       message.preview, message.key_id
     FROM (SELECT DISTINCT ON (conversation_id) * FROM decoded ORDER BY conversation_id, pos DESC) AS newest
     JOIN (
       SELECT DISTINCT ON (conversation_id) conversation_id, recorded_at FROM decoded ORDER BY conversation_id, pos
     ) AS first USING (conversation_id)
     LEFT JOIN (
       SELECT DISTINCT ON (conversation_id) conversation_id, recorded_at, pos, side, preview, key_id
       FROM decoded WHERE type = 'TextSent' ORDER BY conversation_id, pos DESC
     ) AS message USING (conversation_id)
     CROSS JOIN LATERAL (
       VALUES (newest.business, 'business', newest.worker), (newest.worker, 'worker', newest.business)
     ) AS person (subject, side, other)`
  ],
  unread: (schema) => [
    `INSERT INTO ${schema}.conversation
     SELECT person.subject, newest.conversation_id, newest.slice, person.unread
     FROM (
       SELECT DISTINCT ON (conversation_id) *
       FROM decoded
       WHERE type IN ('ConversationStarted', 'TextSent', 'MessagesRead')
       ORDER BY conversation_id, pos DESC
     ) AS newest
     CROSS JOIN LATERAL (
       VALUES (newest.business, newest.unread_business), (newest.worker, newest.unread_worker)
     ) AS person (subject, unread)`
  ],
  search: (schema) => [
    `INSERT INTO ${schema}.message
     SELECT conversation_id, pos, slice, CASE side WHEN 'business' THEN business ELSE worker END,
       CASE side WHEN 'business' THEN worker ELSE business END, recorded_at, text, words, key_id
     FROM decoded
     WHERE type = 'TextSent'`
  ],
  history: (schema) => [
    `INSERT INTO ${schema}.message
     SELECT conversation_id, pos, slice, CASE type WHEN 'TextSent' THEN 'TEXT' ELSE 'SYSTEM' END,
       CASE type WHEN 'TextSent' THEN seq END, coalesce(side, detail::jsonb ->> 'by'), actor, text, metadata, key_id,
       detail, client_message_id, recorded_at, tag
     FROM decoded
     WHERE type IN ('TextSent', 'ConversationArchived', 'ConversationReopened')`,
    `INSERT INTO ${schema}.receipt
     SELECT conversation_id, side, CASE type WHEN 'MessagesRead' THEN 'read' ELSE 'delivered' END, up_to, recorded_at, slice
     FROM decoded
     WHERE type IN ('MessagesDelivered', 'MessagesRead')`,
    `INSERT INTO ${schema}.conversation
     SELECT DISTINCT ON (conversation_id) conversation_id, slice, pos, tag FROM decoded ORDER BY conversation_id, pos DESC`
  ]
}

/** Fills the tables of a projection from `decoded`; seconds. */
export const floorOf = Effect.fn("Floors.floorOf")(function* (name: string, schema: string) {
  const sql = yield* SqlClient.SqlClient
  const begin = performance.now()
  for (const statement of floors[name]?.(schema) ?? []) yield* sql.unsafe(statement)
  return (performance.now() - begin) / 1_000
})
