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

/** Class of the advisory lock that all owners' sessions share, so that they know of each other: "INDO" in ASCII. */
const presence = 0x494e444f
/** How often a session looks who else is there, which also tells the server that it is alive. */
const lookMillis = 500
/** How often what is owned is compared with what was seen; costs nothing. */
const checkMillis = 50
/** Sessions come and go when a database is restarted: what is done well is not handed over at the first sight. */
const looksBeforeHandingOver = 3

/** What a session knows of all of them. */
interface Sight {
  /** Our own. */
  readonly self: number
  /** All, by age. */
  readonly sessions: ReadonlyArray<number>
}

const look = (lock: SqlClient.SqlClient) =>
  Effect.map(
    lock<Sight>`
      SELECT pg_backend_pid() AS self, array_agg(pid ORDER BY backend_start, pid) AS sessions
      FROM pg_locks
      JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory'
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = ${presence}::bigint::oid
        AND objsubid = 2
        AND granted`,
    ([sight]): Sight => sight ?? { self: 0, sessions: [] }
  )

/** The oldest session has the first of what there is, the next one the second, and so on in turn. */
const isOurs = ({ self, sessions }: Sight, index: number) => sessions[index % sessions.length] === self

const contend = Effect.fnUntraced(function* <R>(
  lock: SqlClient.SqlClient,
  seen: { readonly sights: ReadonlyArray<Sight> },
  { body, name }: Owned<R>,
  index: number
) {
  const key = lockKey(lock, name)
  const until = (check: () => boolean) =>
    Effect.repeat(Effect.delay(Effect.sync(check), checkMillis), { while: (yes) => !yes })
  while (true) {
    yield* until(() => seen.sights.slice(-1).some((sight) => isOurs(sight, index)))
    const [answer] = yield* lock<{ owned: boolean }>`SELECT pg_try_advisory_lock(${key}) AS owned`
    if (answer?.owned !== true) continue
    // As long as the session answers, its locks are held, and what ended is begun again at once.
    const going = Effect.forever(Effect.andThen(body, lock`SELECT 1`))
    yield* Effect.raceFirst(
      going,
      until(() => seen.sights.every((sight) => !isOurs(sight, index)))
    )
    // Not in a finalizer: when this is interrupted the session ends with the scope, and its locks with it.
    yield* lock`SELECT pg_advisory_unlock(${key})`
    yield* Effect.logInfo(`${name} goes to another node`)
  }
})

/** One session: as long as it lives, what it has locked is ours. */
const session = Effect.fnUntraced(function* <R>(owned: ReadonlyArray<Owned<R>>) {
  const lock = yield* yield* LockConnection
  // A node that freezes is cut off by the server, so that another can take over.
  yield* lock`SET idle_session_timeout = '3s'`
  yield* lock`SELECT pg_advisory_lock_shared(${presence}::int, 0)`
  const seen: { sights: ReadonlyArray<Sight> } = { sights: [] }
  const looking = look(lock).pipe(
    Effect.timeout("1 second"),
    Effect.tap((sight) =>
      Effect.sync(() => {
        seen.sights = [...seen.sights, sight].slice(-looksBeforeHandingOver)
      })
    ),
    Effect.andThen(Effect.sleep(lookMillis)),
    Effect.forever
  )
  return yield* Effect.raceFirst(
    looking,
    Effect.forEach(owned, (one, index) => contend(lock, seen, one, index), {
      concurrency: "unbounded",
      discard: true
    })
  )
}, Effect.scoped)

/**
 * Does each of these while this node owns it; one connection for all. Nodes share what there is in turn, so the order
 * must be the same on all of them: a node that joins is handed its share, and that of a node that dies is taken over at
 * the next look. When the session is lost everything stops and is contended for again.
 *
 * Ownership only keeps nodes from doing the same work. It can be doubled for a moment, when a frozen node wakes up, so
 * what is owned must be fenced by what it writes.
 */
export const own = <R>(owned: ReadonlyArray<Owned<R>>): Effect.Effect<never, never, R | LockConnection> =>
  session(owned).pipe(
    Effect.catch((error) =>
      Effect.logWarning(`the connection that ownership hangs on was lost (${error._tag}); beginning again`)
    ),
    Effect.andThen(Effect.sleep(lookMillis)),
    Effect.forever
  )
