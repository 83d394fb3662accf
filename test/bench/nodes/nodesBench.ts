import { Console, Effect, Redacted } from "effect"
import * as Installation from "../../nodes/Installation.ts"
import * as RedisServer from "../../servers/RedisServer.ts"
import { benchDatabase } from "../BenchDatabase.ts"
import type { BenchOptions } from "../BenchOptions.ts"
import { subscribing } from "./Channels.ts"
import { type Delivered, deliveryAcrossNodes } from "./Delivery.ts"
import { takingOne } from "./Taking.ts"

const rounds = 3
const rates = [20, 100]

const median = (values: ReadonlyArray<number>) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const rounded = (value: number) => Number(value.toFixed(1))

/** Both ways in turn, so that whatever else the machine does meets both; the median of the rounds. */
const deliveries = Effect.fnUntraced(function* (redis: Redacted.Redacted) {
  const { url } = yield* benchDatabase
  const installation = yield* Installation.make(url)
  const lines: Array<Record<string, string | number>> = []
  for (const perSecond of rates) {
    const runs: Record<"bus" | "log", Array<Delivered>> = { bus: [], log: [] }
    for (let round = 0; round < rounds; round += 1) {
      runs.bus.push(yield* deliveryAcrossNodes(installation, Redacted.value(redis), perSecond))
      runs.log.push(yield* deliveryAcrossNodes(installation, undefined, perSecond))
    }
    for (const way of ["bus", "log"] as const) {
      lines.push({
        "heard of": way === "bus" ? "by the bus" : "by the log alone",
        "messages/s": perSecond,
        "p50 ms": rounded(median(runs[way].map(({ p50 }) => p50))),
        "p99 ms": rounded(median(runs[way].map(({ p99 }) => p99)))
      })
    }
  }
  return lines
})

/** What it takes for nodes to hear of each other: by the bus and by the log, by few channels and by many. */
export const nodesBench = Effect.fn("nodesBench")(function* ({ json }: BenchOptions) {
  const redis = yield* RedisServer.make()
  yield* redis.start
  const channels = []
  for (const count of [16, 10_000]) channels.push(yield* subscribing(redis.url, count))
  const taking = rounded(takingOne())
  const delivery = yield* deliveries(redis.url)
  if (json) return yield* Console.log(JSON.stringify({ delivery, channels, microsecondsToTakeOne: taking }))
  console.table(delivery)
  console.table(
    channels.map(({ channels: count, kilobytes, millis }) => ({
      channels: count,
      ms: rounded(millis),
      KiB: rounded(kilobytes)
    }))
  )
  yield* Console.log(`a node takes one message of another in ${taking} µs`)
}, Effect.scoped)
