import { EventLog } from "@indelible/application/store/EventLog"
import { streamId } from "@indelible/application/store/StreamId"
import { Console, Effect } from "effect"
import { floorTable, insertBatch } from "../../append/Floor.ts"
import { closedLoop as callersInTurn } from "../../ClosedLoop.ts"
import { type Measured, median } from "../../Latencies.ts"
import { type CpuUse, perThousand, withCpuUse } from "../CpuUse.ts"
import { atLeast, type Report, rounded } from "../Report.ts"
import { type Stage, socketUrl } from "../Stage.ts"

const batch = 64
const goal = { ofTheFloor: 0.33, perSecond: 2_000 }

/** One message as it lies in the log, to be written again and again by a bare script. */
const sampleOf = Effect.fnUntraced(function* (conversation: string) {
  const log = yield* EventLog
  const events = yield* log.readStream(streamId("conversation", conversation), 0, 1_000)
  const sample = events.findLast(({ header }) => header.type === "TextSent")
  return sample ?? (yield* Effect.die(new Error("nobody sent anything")))
})

const lineOf = (what: string, runs: ReadonlyArray<Measured>) => {
  const rates = runs.map(({ perSecond }) => Math.round(perSecond))
  return {
    what,
    perSecond: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    p50: rounded(median(runs.map(({ p50 }) => p50))),
    p99: rounded(median(runs.map(({ p99 }) => p99)))
  }
}

/** As many acknowledged messages as senders who wait for their answers get, beside the bare rows in batches. */
export const closedLoop = Effect.fnUntraced(function* (stage: Stage) {
  const { client, population, scale } = stage
  const { seconds, senders } = scale.closed
  const talks = scale.open.conversations
  const conversations = population.conversations.slice(0, talks).map(({ id }) => id)
  yield* client.calls.Connect({
    url: socketUrl(stage),
    tokens: population.people.slice(0, 2 * talks).map(({ token }) => token)
  })
  yield* client.calls.Resume()
  const send = client.calls.SendInTurn({ conversations, senders, seconds })
  yield* Console.error("closed loop: warming up")
  yield* send
  const sample = yield* sampleOf(conversations[0] ?? "")
  const rows = Array.from({ length: batch }, () => sample)
  yield* floorTable

  const bare: Array<Measured> = []
  const acknowledged: Array<Measured> = []
  const costs: Array<{ readonly cpu: CpuUse; readonly count: number }> = []
  for (let round = 0; round < scale.rounds; round++) {
    yield* Console.error(`closed loop: round ${round + 1} of ${scale.rounds}`)
    bare.push(yield* callersInTurn(1, (seconds * 1_000) / 2, () => insertBatch(rows), batch))
    const { cpu, result } = yield* withCpuUse(stage, send)
    acknowledged.push(result)
    costs.push({ cpu, count: result.perSecond * seconds })
  }
  yield* client.calls.Leave()

  const floor = lineOf(`bare rows, batches of ${batch}, one connection`, bare)
  const sends = lineOf(`acknowledged sends, ${senders} senders`, acknowledged)
  const ratio = rounded(sends.perSecond / floor.perSecond, 2)
  return {
    tables: { "closed loop": [{ ...sends, ...perThousand(costs) }, floor] },
    goals: [
      atLeast(`acknowledged sends of ${senders} senders`, sends.perSecond, goal.perSecond, "a second"),
      atLeast("the same, against bare rows", ratio, goal.ofTheFloor, "of them")
    ]
  } satisfies Report
})
