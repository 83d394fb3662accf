import { Context, Effect, type Scope } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { lockKey } from "./Owner.ts"

/**
 * Opens a database connection that nothing else uses, closed with the scope. It must not come from a pool and must not
 * reconnect by itself: locks hang on the session.
 */
export class LockConnection extends Context.Service<
  LockConnection,
  Effect.Effect<SqlClient.SqlClient, SqlError.SqlError, Scope.Scope>
>()("@indelible/projections/engine/LockConnection") {}

/** Something that one node at a time may do, under a name that all nodes know. */
export interface Owned<R> {
  readonly name: string
  /** It may end, to be owned and begun anew. */
  readonly body: Effect.Effect<void, never, R>
}

const retryMillis = 500

const contend = Effect.fnUntraced(function* <R>(lock: SqlClient.SqlClient, { body, name }: Owned<R>) {
  const key = lockKey(lock, name)
  while (true) {
    const [answer] = yield* lock<{ owned: boolean }>`SELECT pg_try_advisory_lock(${key}) AS owned`
    // As long as the session answers, its locks are held, and what ended is begun again at once.
    while (answer?.owned === true) yield* Effect.andThen(body, lock`SELECT 1`)
    yield* Effect.sleep(retryMillis)
  }
})

/** One session: as long as it lives, what it has locked is ours. */
const session = Effect.fnUntraced(function* <R>(owned: ReadonlyArray<Owned<R>>) {
  const lock = yield* yield* LockConnection
  // A node that freezes is cut off by the server, so that another can take over.
  yield* lock`SET idle_session_timeout = '4s'`
  const heartbeat = lock`SELECT 1`.pipe(Effect.timeout("1 second"), Effect.delay("1 second"), Effect.forever)
  return yield* Effect.raceFirst(
    heartbeat,
    Effect.forEach(owned, (one) => contend(lock, one), { concurrency: "unbounded", discard: true })
  )
}, Effect.scoped)

/**
 * Does each of these while this node owns it, and tries to own the others every 500 ms; one connection for all. When the
 * session is lost everything stops and is contended for again.
 *
 * Ownership only keeps nodes from doing the same work. It can be doubled for a moment, when a frozen node wakes up, so
 * what is owned must be fenced by what it writes.
 */
export const own = <R>(owned: ReadonlyArray<Owned<R>>): Effect.Effect<never, never, R | LockConnection> =>
  session(owned).pipe(
    Effect.catch((error) =>
      Effect.logWarning(`the connection that ownership hangs on was lost (${error._tag}); beginning again`)
    ),
    Effect.andThen(Effect.sleep(retryMillis)),
    Effect.forever
  )
