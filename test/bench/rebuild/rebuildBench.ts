import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { statusOf } from "@indelible/projections/operations/ProjectionStatus"
import { projections } from "@indelible/projections/projections"
import { Console, Effect, Option, Redacted } from "effect"
import { benchDatabase } from "../BenchDatabase.ts"
import { liveService } from "../LiveService.ts"
import { fillLog } from "../log/SyntheticLog.ts"
import { benchParts } from "../projections/BenchParts.ts"
import { startConversation } from "./LiveConversation.ts"
import { type Delivered, OpenLoop } from "./OpenLoop.ts"
import { Reader } from "./Readers.ts"

const history = 200_000
const perSecond = 50
const seconds = 20

const untilCaughtUp = Effect.gen(function* () {
  while (true) {
    const lags = yield* Effect.forEach(projections, statusOf)
    const behind = lags.reduce((sum, { events, expected }) => sum + expected - events, 0)
    if (behind === 0) return
    process.stderr.write(`the read models are ${behind} events behind\n`)
    yield* Effect.sleep("2 seconds")
  }
})

/** Rebuilds one projection, and tells how long it took and whether the two sets of tables were equal. */
const rebuild = Effect.fnUntraced(function* (projection: string) {
  const begin = performance.now()
  yield* BuildJobs.request({ projection, kind: "rebuild", by: "bench", maxRate: null, keepHours: 1 })
  while (true) {
    const build = Option.getOrThrow(yield* BuildJobs.newest(projection))
    if (build.state === "failed") return yield* Effect.die(new Error(`${projection}: ${build.message}`))
    if (build.state === "done") {
      return { seconds: (performance.now() - begin) / 1_000, equal: build.comparison?.equal ?? null }
    }
    yield* Effect.sleep("50 millis")
  }
})

interface Line extends Delivered {
  readonly while: string
  readonly rebuildSeconds: number | null
  readonly equal: boolean | null
}

const measure = Effect.fn(function* (url: Redacted.Redacted, masterKey: Redacted.Redacted, dataDir: string) {
  yield* fillLog({
    events: history,
    onProgress: (events) =>
      events % 50_000 === 0 && process.stderr.write(`filled the log with ${events} events\n`)
  })
  const { origin, port } = yield* liveService({ url, masterKey, dataDir })
  yield* untilCaughtUp
  const conversations = yield* Effect.promise(() =>
    Promise.all(Array.from({ length: 50 }, () => startConversation(origin, port)))
  )
  const loop = new OpenLoop(conversations)
  loop.start(perSecond)
  yield* Effect.sleep("5 seconds")
  loop.take()

  const lines: Array<Line> = []
  const quietly = Effect.gen(function* () {
    yield* Effect.sleep(seconds * 1_000)
    lines.push({ while: "nothing is rebuilt", ...loop.take(), rebuildSeconds: null, equal: null })
  })
  const readers = conversations.slice(0, 3).map((conversation) => new Reader(origin, conversation))
  yield* quietly
  for (const { name } of projections) {
    process.stderr.write(`rebuilding ${name}\n`)
    const done = yield* rebuild(name)
    const rebuildSeconds = Number(done.seconds.toFixed(1))
    lines.push({ while: `${name} is rebuilt`, ...loop.take(), rebuildSeconds, equal: done.equal })
  }
  yield* quietly
  loop.stop()
  yield* Effect.promise(() => Promise.all(readers.map((reader) => reader.stop())))
  for (const { sockets } of conversations) for (const each of Object.values(sockets)) each.socket.terminate()
  const sum = (of: (reader: Reader) => number) => readers.reduce((total, reader) => total + of(reader), 0)
  const quiet = Math.max(...lines.filter(({ equal }) => equal === null).map(({ p99 }) => p99))
  const busy = Math.max(...lines.filter(({ equal }) => equal !== null).map(({ p99 }) => p99))
  return {
    lines,
    readers: {
      read: sum(({ read }) => read),
      fallen: sum(({ fallen }) => fallen),
      refused: sum(({ refused }) => refused)
    },
    goal: { ratio: Number((busy / quiet).toFixed(2)), atMost: 1.5, met: busy / quiet <= 1.5 }
  }
})

/** What people notice while read models are rebuilt: delivery at 50 messages a second, and three who read. */
export const rebuildBench = ({ json }: { readonly json: boolean }) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { url } = yield* benchDatabase
      const masterKey = Redacted.make(randomBytes(32).toString("hex"))
      const dataDir = yield* Effect.acquireRelease(
        Effect.promise(() => mkdtemp(join(tmpdir(), "indelible-bench-data-"))),
        (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
      )
      const result = yield* Effect.provide(measure(url, masterKey, dataDir), benchParts(url, masterKey))
      if (json) return yield* Console.log(JSON.stringify(result))
      yield* Effect.sync(() => {
        console.table(result.lines)
        console.log("readers, every 20 ms:", result.readers)
        console.log("p99 while rebuilding, against before and after:", result.goal)
      })
    })
  )
