import { Worker } from "node:worker_threads"
import { ownerOf } from "@indelible/projections/engine/Owner"
import { ProgressEvent, ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { projections } from "@indelible/projections/projections"
import { Effect, Layer, Option, Queue, Redacted, Schedule, Schema } from "effect"
import { Database } from "../database/Database.ts"
import type { NodeSettings, ThreadOptions, ThreadRequest } from "./ThreadOptions.ts"

/** Longest time that the thread is given to finish its page and close its connections. */
const stopWithin = "3 seconds"

class ThreadEnded extends Schema.TaggedError<ThreadEnded>()("ThreadEnded", { detail: Schema.String }) {
  override get message() {
    return `the projectors' thread ended: ${this.detail}`
  }
}

const decode = Schema.decodeUnknownOption(ProgressEvent)

const request = (worker: Worker, what: ThreadRequest) => worker.postMessage(what)

/** One life of the thread, as long as the scope; it fails when the thread ends by itself. */
const life = Effect.fn("Projectors.life")(function* (options: ThreadOptions) {
  const progress = yield* ProjectionProgress
  const told = yield* Queue.unbounded<unknown>()
  const ended = yield* Queue.bounded<ThreadEnded>(2)
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: options })
      worker.on("message", (message) => Queue.offerUnsafe(told, message))
      worker.on("error", (error) => Queue.offerUnsafe(ended, new ThreadEnded({ detail: String(error) })))
      worker.on("exit", (code) => Queue.offerUnsafe(ended, new ThreadEnded({ detail: `exit code ${code}` })))
      return worker
    }),
    (worker) =>
      Effect.gen(function* () {
        request(worker, { _tag: "Stop" })
        yield* Effect.timeoutOption(Queue.take(ended), stopWithin)
        yield* Effect.promise(() => worker.terminate())
        // What it would have told is no longer so.
        for (const { name } of projections) yield* progress.release(name)
      })
  )
  const hear = Effect.forever(
    Effect.flatMap(Queue.take(told), (message) =>
      Option.match(decode(message), { onNone: () => Effect.void, onSome: progress.happen })
    )
  )
  for (const { name } of projections) {
    yield* Effect.forkScoped(
      Effect.forever(
        Effect.andThen(
          progress.asked(name),
          Effect.map(progress.takeAsked(name), (slices) => request(worker, { _tag: "Asked", name, slices }))
        )
      )
    )
  }
  return yield* Effect.raceFirst(
    hear,
    Effect.flatMap(Queue.take(ended), (reason) => Effect.fail(reason))
  )
}, Effect.scoped)

const startWithin = "5 seconds"

/**
 * Waits until somebody keeps every read model: the first who write would find that their own writes cannot be read yet.
 * When that takes too long the service starts all the same, and says so.
 */
export const kept = Layer.effectDiscard(
  Effect.forEach(
    projections,
    ({ name }) =>
      Effect.repeat(Effect.delay(ownerOf(name), "25 millis"), { while: (owner) => owner === null }),
    { concurrency: "unbounded", discard: true }
  ).pipe(
    Effect.timeout(startWithin),
    Effect.catch((error) =>
      Effect.logWarning(`nobody keeps the read models yet (${error._tag}); does a node have ROLES=projector?`)
    )
  )
)

/** Runs this node's projectors in a thread beside the sockets, and starts it again when it dies. */
export const layer = ({ dataDir, logLevel, masterKey, nodeName }: NodeSettings) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const { url } = yield* Database
      const options: ThreadOptions = {
        databaseUrl: Redacted.value(url),
        dataDir,
        masterKey: Option.getOrNull(Option.map(masterKey, Redacted.value)),
        nodeName,
        logLevel,
        isTerminal: process.stdout.isTTY === true
      }
      yield* life(options).pipe(
        Effect.tapError((ended) => Effect.logError(`${ended.message}; starting it again`)),
        Effect.retry(Schedule.spaced("1 second")),
        Effect.forkScoped
      )
    })
  )
