import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { column } from "./ColumnParameter.ts"
import type { Projection } from "./Projection.ts"
import { formerOf, shadowOf } from "./Sets.ts"

/**
 * Empties what came from bodies under a content key, after it was destroyed: in the live tables, in those that are being
 * built and in those that are kept for a roll-back. Whoever writes any of them begins again from its checkpoint, since it
 * may hold a page that it opened while the key was there. All in one transaction, or a switch in between would carry one
 * set past it. It can be done again at any time.
 */
export const purge = Effect.fn("Purge.purge")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  keyId: string
) {
  const sql = yield* SqlClient.SqlClient
  const { name } = projection
  const sets = column([name, shadowOf(name), formerOf(name)])
  const emptied = Effect.gen(function* () {
    // In the order in which a switch takes them.
    yield* sql`
      SELECT FROM projection_checkpoint WHERE projection = ANY(${sets}::text[])
      ORDER BY projection, slice
      FOR UPDATE`
    const fenced = yield* sql<{ projection: string }>`
      UPDATE projection_checkpoint SET epoch = epoch + 1
      WHERE projection = ANY(${sets}::text[])
      RETURNING projection`
    for (const set of new Set(fenced.map(({ projection }) => projection))) yield* projection.purge(keyId)(set)
  })
  yield* sql.withTransaction(emptied)
})
