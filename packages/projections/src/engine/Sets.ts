import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** A set of tables is a schema; the live one is called as its projection. */

/** The set that a build fills. */
export const shadowOf = (projection: string): string => `${projection}_next`

/** The set that the last switch replaced. */
export const formerOf = (projection: string): string => `${projection}_before`

/** Removes a set with its checkpoint and its parked streams, if it is there. */
export const drop = Effect.fn("Sets.drop")(function* (set: string) {
  const sql = yield* SqlClient.SqlClient
  // First: whoever writes it finds out by the checkpoint.
  yield* sql`DELETE FROM projection_checkpoint WHERE projection = ${set}`
  yield* sql`DELETE FROM projection_parked WHERE projection = ${set}`
  yield* sql`DROP SCHEMA IF EXISTS ${sql(set)} CASCADE`
})

/** Gives a set another name, which must be free. Readers by name find it there from the commit on. */
export const rename = Effect.fn("Sets.rename")(function* (from: string, to: string, epoch: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER SCHEMA ${sql(from)} RENAME TO ${sql(to)}`
  yield* sql`UPDATE projection_checkpoint SET projection = ${to}, epoch = ${epoch} WHERE projection = ${from}`
  yield* sql`UPDATE projection_parked SET projection = ${to} WHERE projection = ${from}`
})
