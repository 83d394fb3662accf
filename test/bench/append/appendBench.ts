import { PgClient } from "@effect/sql-pg"
import { EventStore } from "@indelible/application/store/EventStore"
import { conversation } from "@indelible/domain/conversation/Conversation"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as LogConnection from "@indelible/infrastructure/postgres/log/LogConnection"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { Console, Effect, Layer, type Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { benchDatabase } from "../BenchDatabase.ts"
import { closedLoop } from "../ClosedLoop.ts"
import { type Measured, median } from "../Latencies.ts"
import { bareAppend } from "./BareCall.ts"
import { floorTable, insertBatch, insertOne } from "./Floor.ts"
import { longConversation } from "./LongConversation.ts"
import { send, startConversations } from "./Workload.ts"

const rounds = 3
const millis = 2_000

interface Line {
  readonly what: string
  readonly callers: number
  readonly rounds: ReadonlyArray<Measured>
}

const summary = ({ callers, rounds, what }: Line) => {
  const rates = rounds.map(({ perSecond }) => perSecond)
  return {
    what,
    callers,
    perSecond: Math.round(median(rates)),
    lowest: Math.round(Math.min(...rates)),
    highest: Math.round(Math.max(...rates)),
    p50: Number(median(rounds.map(({ p50 }) => p50)).toFixed(2)),
    p99: Number(median(rounds.map(({ p99 }) => p99)).toFixed(2))
  }
}

const measure = Effect.fn(function* (url: Redacted.Redacted) {
  const store = yield* EventStore
  const conversations = yield* startConversations(1_000)
  const [first] = conversations
  if (first === undefined) return yield* Effect.die("no conversation was started")
  const sent = yield* send(first, 0)
  const sample = sent.events[0]?.stored
  if (sample === undefined) return yield* Effect.die("nothing was sent")
  const [head] = yield* store.heads(conversation, [first.stream])
  const connection = yield* LogConnection.make(url, "bare")
  yield* floorTable

  const full = (caller: number, turn: number) => {
    // Callers walk through the conversations on paths of their own, as people do.
    const at = conversations[(caller * 131 + turn * 17) % conversations.length] ?? first
    return send(at, turn)
  }
  const batch64 = Array.from({ length: 64 }, () => sample)
  const runs: ReadonlyArray<
    readonly [string, number, Effect.Effect<Measured, unknown, EventStore | PgClient.PgClient>]
  > = [
    ["one by one", 1, closedLoop(1, millis, () => insertOne(sample))],
    ["one by one", 64, closedLoop(64, millis, () => insertOne(sample))],
    ["batches of 64", 1, closedLoop(1, millis, () => insertBatch(batch64), 64)],
    ["bare append, 1 command", 1, closedLoop(1, millis, () => bareAppendOf(1))],
    ["bare append, 64 commands", 1, closedLoop(1, millis, () => bareAppendOf(64), 64)],
    ["bare append, 200 commands", 1, closedLoop(1, millis, () => bareAppendOf(200), 200)],
    ...[1, 16, 64, 256].map((callers) => ["full path", callers, closedLoop(callers, millis, full)] as const)
  ]
  const calls = new Map([1, 64, 200].map((size) => [size, bareAppend(connection, sample, head?.state, size)]))
  const bareAppendOf = (size: number) => calls.get(size) ?? Effect.die("no such size")

  const lines = runs.map(([what, callers]) => ({ what, callers, rounds: [] as Measured[] }))
  for (let round = 0; round < rounds; round++) {
    for (const [i, [what, callers, run]] of runs.entries()) {
      yield* Console.error(`round ${round + 1} of ${rounds}: ${what}, ${callers} callers`)
      lines[i]?.rounds.push(yield* run)
    }
  }
  return { lines: lines.map(summary), long: yield* longConversation }
})

/** Speed of the event store beside what the same driver and machine do without it, in one run. */
export const appendBench = ({ json }: { readonly json: boolean }) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { url } = yield* benchDatabase
      const database = PgClient.layer({ url, maxConnections: 16 })
      const layer = PgEventStore.layer({ url, node: "bench" }).pipe(
        Layer.provideMerge(EnvelopeOpener.layer),
        Layer.provideMerge(MemoryKeyVault.layer),
        Layer.provideMerge(Layer.provideMerge(Layer.effectDiscard(migrate(eventLogMigrations)), database)),
        Layer.provide(SecureRandom.layerWebCrypto)
      )
      const { lines, long } = yield* Effect.provide(measure(url), layer)
      const rate = (what: string, callers: number) =>
        lines.find((line) => line.what === what && line.callers === callers)?.perSecond ?? Number.NaN
      const goals = [
        {
          goal: "full path at 64 >= one by one at 64",
          ratio: rate("full path", 64) / rate("one by one", 64),
          atLeast: 1
        },
        {
          goal: "full path at 256 >= 1.3 x one by one at 64",
          ratio: rate("full path", 256) / rate("one by one", 64),
          atLeast: 1.3
        },
        {
          goal: "one caller under 1.5 ms (p50)",
          ratio:
            1.5 /
            (lines.find(({ callers, what }) => what === "full path" && callers === 1)?.p50 ?? Number.NaN),
          atLeast: 1
        },
        { goal: "p99 at 100,000 messages <= 1.3 x p99 at 10", ratio: 1.3 / long.ratio, atLeast: 1 }
      ].map((each) => ({ ...each, ratio: Number(each.ratio.toFixed(2)), met: each.ratio >= each.atLeast }))
      if (json) return yield* Console.log(JSON.stringify({ lines, long, goals }))
      yield* Effect.sync(() => {
        console.table(lines)
        console.table(long.lines)
        console.table(goals)
      })
    })
  )
