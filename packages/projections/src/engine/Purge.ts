import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { column } from "./ColumnParameter.ts"
import type { Projection } from "./Projection.ts"
import { formerOf, shadowOf } from "./Sets.ts"

/** Owners take the same rows in an order of their own; whoever loses tries again. */
const whenDeadlocked = {
  while: (error: SqlError.SqlError) => error.reason._tag === "DeadlockError",
  times: 20
}

/**
 * Empties what came from bodies under a content key, after it was destroyed: in the live tables, in those that are being
 * built and in those that are kept for a roll-back. It can be done again at any time, and has to be once more when no
 * node can still have the key in its cache (5 minutes): until then one could open bodies with it and fold them again.
 */
export const purge = Effect.fn("Purge.purge")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  keyId: string
) {
  const sql = yield* SqlClient.SqlClient
  const { name } = projection
  const sets = column([name, shadowOf(name), formerOf(name)])
  // Whoever writes them may hold a page that was opened while the key was there, and has to begin again.
  yield* Effect.retry(
    sql`UPDATE projection_checkpoint SET epoch = epoch + 1 WHERE projection = ANY(${sets}::text[])`,
    whenDeadlocked
  )
  const present = sql<{ set: string; id: string }>`
    SELECT nspname AS set, oid::bigint::text AS id FROM pg_namespace WHERE nspname = ANY(${sets}::text[]) ORDER BY 1`
  const told = (found: ReadonlyArray<{ readonly set: string; readonly id: string }>) =>
    found.map(({ id, set }) => `${set} ${id}`).join()
  // A switch that gives sets other names meanwhile must not carry one past it.
  for (let before = yield* present; ; ) {
    for (const { set } of before) yield* Effect.retry(projection.purge(keyId)(set), whenDeadlocked)
    const after = yield* present
    if (told(after) === told(before)) return
    before = after
  }
})
