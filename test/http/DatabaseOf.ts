import { PgClient } from "@effect/sql-pg"
import { Effect, type Redacted } from "effect"
import { Reactivity } from "effect/reactivity"

/** Statements on a connection of their own, for what no interface does. */
export const onDatabase = <A>(
  url: Redacted.Redacted,
  work: (sql: PgClient.PgClient) => Effect.Effect<A, unknown>
): Promise<A> =>
  PgClient.makeClient({ url }).pipe(
    Effect.flatMap(work),
    Effect.scoped,
    Effect.provide(Reactivity.layer),
    Effect.runPromise
  )

/** A build as if somebody had asked for it, in a state that no node takes up. */
export const pausedBuild = (url: Redacted.Redacted, projection: string) =>
  onDatabase(
    url,
    (sql) => sql`
      INSERT INTO projection_build (projection, kind, state, requested_by, requested_at, keep_hours)
      VALUES (${projection}, 'rebuild', 'paused', 'a test', now(), 24)`
  )

/** Parks a stream as if one of its events could not be folded. */
export const parkedStream = (url: Redacted.Redacted, projection: string, streamId: string) =>
  onDatabase(
    url,
    (sql) => sql`
      INSERT INTO projection_parked (
        projection, stream_id, slice, stream_pos, type, schema_version, error, attempts, parked_at, tried_at, program
      ) VALUES (${projection}, ${streamId}, 7, 3, 'TextSent', 9, 'it is unknown', 2, now(), now(), 'a test')`
  )

/**
 * Says of the live tables that a program of another version made them, from its owner's next look within a second. Those
 * of a newer one halt it.
 *
 * @param by how much newer that is
 */
export const madeByAnother = (url: Redacted.Redacted, projection: string, by: number) =>
  onDatabase(
    url,
    (sql) => sql`
      UPDATE projection_checkpoint SET version = version + ${by}, epoch = epoch + 1 WHERE projection = ${projection}`
  )
