import { readFile } from "node:fs/promises"
import type {
  AccountUnavailable,
  ServerFailed
} from "@indelible/infrastructure/embedded/EmbeddedPostgresError"
import type { PostgresBinaries } from "@indelible/infrastructure/embedded/PostgresBinaries"
import type { PostgresProcess } from "@indelible/infrastructure/embedded/PostgresProcess"
import { Effect, Exit, type Redacted, Schedule, Scope } from "effect"
import * as OwnCluster from "./OwnCluster.ts"

/** A server of one's own that may be killed. Port and data stay the same over all its lives. */
export interface KillablePostgres {
  /** Superuser, database `postgres`. */
  readonly url: Redacted.Redacted
  /** PGDATA. */
  readonly directory: string
  /** Starts it and waits until it accepts connections. It must not be running. */
  readonly start: Effect.Effect<{ readonly pid: number }, ServerFailed | AccountUnavailable>
  /** Fast shutdown. */
  readonly stop: Effect.Effect<void>
  /** SIGKILL to the postmaster and all its children: nothing gets written any more. */
  readonly kill9: Effect.Effect<void>
  /** `kill9`, then `start` on the same data: the server recovers from its log. */
  readonly restart: Effect.Effect<{ readonly pid: number }, ServerFailed | AccountUnavailable>
}

interface Life extends PostgresProcess {
  readonly scope: Scope.Closeable
}

const signalAll = (pids: ReadonlyArray<number>) => {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL")
    } catch {
      // Ended between the listing and the signal.
    }
  }
}

/** Linux only; elsewhere the children notice that the postmaster is gone and end by themselves. */
const childrenOf = (pid: number) =>
  readFile(`/proc/${pid}/task/${pid}/children`, "utf8").then(
    (text) => text.split(" ").filter(Boolean).map(Number),
    () => []
  )

/** Children that have not ended yet still hold the shared memory. */
const untilChildrenAreGone = {
  while: (error: Error) => error.message.includes("shared memory block"),
  schedule: Schedule.spaced("50 millis"),
  times: 100
}

/** Makes the cluster; call `start`. Everything goes with the scope. */
export const make = Effect.fn("KillablePostgres.make")(function* (
  binaries: PostgresBinaries,
  settings?: Readonly<Record<string, string>>
) {
  const cluster = yield* OwnCluster.make(binaries, settings)
  let life: Life | undefined

  const start = Effect.gen(function* () {
    if (life !== undefined) return yield* Effect.die(new Error("It runs already"))
    const scope = yield* Scope.make()
    const running = yield* Scope.provide(cluster.start, scope).pipe(
      Effect.onError(() => Scope.close(scope, Exit.void)),
      Effect.retry(untilChildrenAreGone)
    )
    life = { ...running, scope }
    return { pid: running.pid }
  })

  const stop = Effect.suspend(() => {
    if (life === undefined) return Effect.void
    const { scope } = life
    life = undefined
    return Scope.close(scope, Exit.void)
  })

  const kill9 = Effect.gen(function* () {
    if (life === undefined) return
    const { ended, pid } = life
    const children = yield* Effect.promise(() => childrenOf(pid))
    signalAll([pid, ...children])
    yield* ended
    yield* stop
  })

  yield* Effect.addFinalizer(() => stop)
  return {
    url: cluster.url,
    directory: cluster.directory,
    start,
    stop,
    kill9,
    restart: Effect.andThen(kill9, start)
  } satisfies KillablePostgres
})
