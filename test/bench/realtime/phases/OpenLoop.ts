import { Console, Effect } from "effect"
import { median } from "../../Latencies.ts"
import { type CpuUse, perThousand, withCpuUse } from "../CpuUse.ts"
import type { Delivered, Step } from "../client/ClientCalls.ts"
import { atMost, type Goal, type Report, rounded } from "../Report.ts"
import { type Stage, socketUrl } from "../Stage.ts"

/** Messages a second at which the goals for latency are set, or the first of a smaller scale. */
const goalRate = 500
const goalMillis = { p50: 5, p99: 25 }

interface Run {
  readonly what: string
  readonly delivered: typeof Delivered.Type
  readonly cpu: CpuUse
}

/** What rounds of one rate come to: latencies as their medians, what went wrong as its sum. */
const lineOf = (what: string, runs: ReadonlyArray<Run>) => {
  const middle = (of: (run: Run) => number) => rounded(median(runs.map(of)))
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0)
  return {
    "messages/s": what,
    sent: sum(({ delivered }) => delivered.sent),
    p50: middle(({ delivered }) => delivered.p50),
    p99: middle(({ delivered }) => delivered.p99),
    "worst p99": rounded(Math.max(...runs.map(({ delivered }) => delivered.p99))),
    "client late p99": middle(({ delivered }) => delivered.late),
    refused: sum(({ delivered }) => delivered.refused),
    unanswered: sum(({ delivered }) => delivered.sent - delivered.acknowledged - delivered.refused),
    lost: sum(({ delivered }) => delivered.lost),
    doubled: sum(({ delivered }) => delivered.doubled),
    reordered: sum(({ delivered }) => delivered.reordered),
    ...perThousand(runs.map(({ cpu, delivered }) => ({ cpu, count: delivered.delivered })))
  }
}

const intact = (
  what: string,
  { doubled, lost, refused, reordered, unanswered }: ReturnType<typeof lineOf>
): Goal => ({
  what,
  measured: `${lost} lost, ${doubled} doubled, ${reordered} reordered, ${refused + unanswered} not accepted`,
  goal: "none",
  met: lost + doubled + reordered + refused + unanswered === 0
})

/** Delivery at steady rates that do not wait for answers, and through a burst of ten times the rate. */
export const openLoop = Effect.fnUntraced(function* (stage: Stage) {
  const { client, population, scale } = stage
  const { burstSeconds, conversations: count, perSecond, seconds, steady } = scale.open
  const conversations = population.conversations.slice(0, count).map(({ id }) => id)
  yield* client.calls.Connect({
    url: socketUrl(stage),
    tokens: population.people.slice(0, 2 * count).map(({ token }) => token)
  })
  yield* client.calls.Resume()
  const send = (steps: ReadonlyArray<typeof Step.Type>) => client.calls.SendSteadily({ conversations, steps })
  yield* Console.error("open loop: warming up")
  yield* send([{ perSecond: steady, seconds }])

  const runs: Array<Run> = []
  const run = Effect.fnUntraced(function* (what: string, steps: ReadonlyArray<typeof Step.Type>) {
    yield* Console.error(`open loop: ${what} messages/s`)
    const { cpu, result } = yield* withCpuUse(stage, send(steps))
    runs.push({ what, cpu, delivered: result })
  })
  for (let round = 0; round < scale.rounds; round++) {
    for (const rate of perSecond) yield* run(String(rate), [{ perSecond: rate, seconds }])
  }
  const calm = { perSecond: steady, seconds: burstSeconds / 2 }
  const tenfold = { perSecond: steady * 10, seconds: burstSeconds }
  const burst = `${steady}, ${steady * 10} for ${burstSeconds} s, ${steady}`
  yield* run(burst, [calm, tenfold, calm])
  yield* client.calls.Leave()

  const lines = Array.from(
    Map.groupBy(runs, ({ what }) => what),
    ([what, same]) => lineOf(what, same)
  )
  const named = (rate: string) => lines.filter((line) => line["messages/s"] === rate)
  const rate = perSecond.includes(goalRate) ? goalRate : (perSecond[0] ?? goalRate)
  return {
    tables: { "open loop": lines },
    goals: [
      ...named(String(rate)).flatMap((line) => [
        atMost(`delivery at ${rate}/s, p50`, line.p50, goalMillis.p50, "ms"),
        atMost(`delivery at ${rate}/s, p99`, line.p99, goalMillis.p99, "ms"),
        intact(`delivery at ${rate}/s`, line)
      ]),
      ...named(burst).map((line) => intact("a burst of ten times the steady rate", line))
    ]
  } satisfies Report
})
