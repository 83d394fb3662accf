import { PgTypes } from "@effect/sql-pg"
import { Unavailable } from "@indelible/application/store/EventStoreError"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { Effect, Result } from "effect"

export const ints = (values: ReadonlyArray<number>) =>
  Result.getOrThrow(PgTypes.array(values.map(BigInt), PgTypes.OID.int8))
export const smallints = (values: ReadonlyArray<number>) =>
  Result.getOrThrow(PgTypes.array(values, PgTypes.OID.int2))

/** Milliseconds; longer than what the server itself allows a statement of the edge. */
const readDeadline = 10_000

const unreachable = (cause: unknown) => new Unavailable({ reason: "unreachable", cause })

/** A row that does not decode is damage or a bug: the fiber dies. Everything else means that nobody can read now. */
export const orUnavailable = <A, R>(
  effect: Effect.Effect<A, { readonly _tag: string }, R>
): Effect.Effect<A, Unavailable, R> =>
  // A connection that died in silence would otherwise keep its reader for as long as TCP repeats itself: 15 minutes.
  giveUpAfter(effect, readDeadline, () => unreachable(new Error("no answer in time"))).pipe(
    Effect.catch((cause) =>
      cause._tag === "Unavailable" || cause._tag === "SqlError"
        ? Effect.fail(cause instanceof Unavailable ? cause : unreachable(cause))
        : Effect.die(cause)
    )
  )
