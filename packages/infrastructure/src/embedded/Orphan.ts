import { Clock, Effect, Schedule } from "effect"
import { ServerFailed } from "./EmbeddedPostgresError.ts"
import type { PostgresBinaries } from "./PostgresBinaries.ts"
import type { PostgresCluster } from "./PostgresCluster.ts"
import { requestStop } from "./PostgresProcess.ts"
import { findRunning, isPostmaster, type Postmaster } from "./PostmasterFile.ts"
import * as ServiceLock from "./ServiceLock.ts"

/** A server that starts takes its lock within this time; younger ones may have an owner that has not taken it yet. */
const ownersTime = "1 second"
const youngMillis = 2_000
/** Recovery after a crash may keep it from answering; a stop has a checkpoint to write. */
const answersWithin = "60 seconds"
const stopsWithin = "40 seconds"

const polling = Schedule.spaced("50 millis")

const failed = (output: string) => new ServerFailed({ program: "postgres", output })

const isGone = (postmaster: Postmaster, directory: string) =>
  Effect.map(
    Effect.promise(() => isPostmaster(postmaster.pid, directory)),
    (alive) => !alive
  )

/** A session on the orphan, as soon as it accepts one; `undefined` when it ended meanwhile. */
const reach = (cluster: PostgresCluster, postmaster: Postmaster) =>
  Effect.gen(function* () {
    let firstTry = true
    while (!(yield* isGone(postmaster, cluster.directory))) {
      const session = yield* ServiceLock.connect(cluster, postmaster.port).pipe(
        Effect.catchTag("SqlError", () => Effect.succeed(undefined))
      )
      if (session !== undefined) return { lock: session, answeredAtOnce: firstTry }
      firstTry = false
      yield* Effect.sleep("50 millis")
    }
    return undefined
  }).pipe(
    Effect.timeoutOrElse({
      duration: answersWithin,
      orElse: () =>
        failed(
          `process ${postmaster.pid} runs on ${cluster.directory} and does not let us in (port ${postmaster.port})`
        )
    })
  )

/**
 * Stops a server that a killed service left behind on our data, so that the one we start has our settings, our
 * programs and an open log. Whether it has been left behind is for the service's lock to say, never for the pid file:
 * a server in use is not touched, the caller is refused by the name of the one that uses it.
 */
export const stopAny = Effect.fn("Orphan.stopAny")(function* (
  cluster: PostgresCluster,
  binaries: PostgresBinaries
) {
  const { directory } = cluster
  const postmaster = yield* findRunning(directory)
  if (postmaster === undefined) return
  const reached = yield* reach(cluster, postmaster)
  if (reached === undefined) return
  const { answeredAtOnce, lock } = reached
  yield* Effect.gen(function* () {
    yield* lock.refuseIfHeld
    const age = (yield* Clock.currentTimeMillis) - postmaster.startedAt
    if (!answeredAtOnce || age < youngMillis) yield* Effect.sleep(ownersTime)
    yield* lock.take
  }).pipe(
    // It ended under our hands: then it is no longer in the way.
    Effect.catchTag("SqlError", (error) =>
      Effect.flatMap(isGone(postmaster, directory), (gone) => (gone ? Effect.void : failed(error.message)))
    )
  )
  yield* Effect.logInfo(
    `Stopping the Postgres (process ${postmaster.pid}) that an earlier, killed service left on ${directory}`
  )
  yield* requestStop(binaries, directory, postmaster.pid)
  yield* Effect.repeat(isGone(postmaster, directory), { until: (gone) => gone, schedule: polling }).pipe(
    Effect.timeoutOrElse({
      duration: stopsWithin,
      orElse: () => failed(`process ${postmaster.pid} on ${directory} does not stop`)
    })
  )
}, Effect.scoped)
