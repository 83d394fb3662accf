import { Cause, Context, Effect, type Scope } from "effect"
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

const kinds = ["projection", "build"] as const

/** Something that one node at a time may do, under a name that all nodes know. */
export interface Owned<R> {
  readonly name: string
  /** Nodes share each kind evenly, as far as that goes. */
  readonly kind: (typeof kinds)[number]
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

/** That a session, named by its process on the server, could do something, named by the object of its lock. */
export interface Presence {
  readonly object: number
  readonly session: number
}

/** Who does what. Heavier things are dealt out first, each to whoever of those who could do it has least to do. */
export const deal = (presences: ReadonlyArray<Presence>): ReadonlyMap<number, number> => {
  const loads = new Map<number, number>()
  const dealt = new Map<number, number>()
  const objects = [...new Set(presences.map(({ object }) => object))].sort((a, b) => a - b)
  for (const object of objects) {
    const [first, ...others] = presences.filter((presence) => presence.object === object)
    if (first === undefined) continue
    const load = ({ session }: Presence) => loads.get(session) ?? 0
    // The oldest of those with equally little, so that what is done is not handed round for nothing.
    const { session } = others.reduce((least, each) => (load(each) < load(least) ? each : least), first)
    dealt.set(object, session)
    loads.set(session, (loads.get(session) ?? 0) + 1)
  }
  return dealt
}

/** The object of something's lock: its kind, then 28 bits of the FNV-1a hash of its name. All nodes agree on it. */
const objectOf = <R>({ kind, name }: Owned<R>): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return kinds.indexOf(kind) * 2 ** 28 + ((hash >>> 0) & 0x0fffffff)
}

/** What a session sees: its own process, and who does what. */
interface Sight {
  readonly self: number
  readonly dealt: ReadonlyMap<number, number>
}

const look = Effect.fnUntraced(function* (lock: SqlClient.SqlClient) {
  const rows = yield* lock<Presence & { readonly self: number }>`
    SELECT pg_backend_pid() AS self, objid::bigint::int AS object, pid AS session
    FROM pg_locks
    JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory'
      AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid = ${presence}::bigint::oid
      AND objsubid = 2
      AND granted
    ORDER BY backend_start, pid`
  const sight: Sight = { self: rows[0]?.self ?? 0, dealt: deal(rows) }
  return sight
})

const contend = Effect.fnUntraced(function* <R>(
  lock: SqlClient.SqlClient,
  seen: { readonly sights: ReadonlyArray<Sight> },
  owned: Owned<R>
) {
  const { body, name } = owned
  const key = lockKey(lock, name)
  const object = objectOf(owned)
  const isOurs = ({ dealt, self }: Sight) => dealt.get(object) === self
  const until = (check: () => boolean) =>
    Effect.repeat(Effect.delay(Effect.sync(check), checkMillis), { while: (yes) => !yes })
  while (true) {
    yield* until(() => seen.sights.slice(-1).some(isOurs))
    const [answer] = yield* lock<{ owned: boolean }>`SELECT pg_try_advisory_lock(${key}) AS owned`
    if (answer?.owned !== true) continue
    // As long as the session answers, its locks are held, and what ended is begun again at once.
    const going = Effect.forever(Effect.andThen(body, lock`SELECT 1`))
    yield* Effect.raceFirst(
      going,
      until(() => seen.sights.every((sight) => !isOurs(sight)))
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
  for (const one of owned)
    yield* lock`SELECT pg_advisory_lock_shared(${presence}::int, ${objectOf(one)}::int)`
  const seen: { sights: ReadonlyArray<Sight> } = { sights: [] }
  const looking = look(lock).pipe(
    // A page may keep the thread for a while; the server waits for 3 s.
    Effect.timeout("2 seconds"),
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
    Effect.forEach(owned, (one) => contend(lock, seen, one), {
      concurrency: "unbounded",
      discard: true
    })
  )
}, Effect.scoped)

/**
 * Does each of these while this node owns it; one connection for all. Nodes share what there is evenly; they
 * need not all know the same things to do, as while a new program is rolled out. A node that joins is handed its share,
 * and that of a node that dies is taken over at the next look. When the session is lost everything stops and is contended for again.
 *
 * Ownership only keeps nodes from doing the same work. It can be doubled for a moment, when a frozen node wakes up, so
 * what is owned must be fenced by what it writes.
 */
export const own = <R>(owned: ReadonlyArray<Owned<R>>): Effect.Effect<never, never, R | LockConnection> =>
  session(owned).pipe(
    // Whatever it is, also a defect: nobody else would ever begin again.
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.logWarning(
            `the connection that ownership hangs on was lost (${kindOf(Cause.squash(cause))}); beginning again`
          )
    ),
    Effect.andThen(Effect.sleep(lookMillis)),
    Effect.forever
  )

/** Without its message, which may tell what was in a row. */
const kindOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error
    ? String(error._tag)
    : error instanceof Error
      ? error.name
      : "unknown"
