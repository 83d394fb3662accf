import { Console, Effect } from "effect"
import type { Report } from "../Report.ts"
import { rounded } from "../Report.ts"
import { type Stage, socketUrl } from "../Stage.ts"

/** Many who send many messages back to back: each sender's come in the order they were sent. */
export const burst = Effect.fnUntraced(function* (stage: Stage) {
  const { client, population, scale } = stage
  const { each, senders } = scale.burst
  const conversations = population.conversations.slice(0, senders).map(({ id }) => id)
  yield* client.calls.Connect({
    url: socketUrl(stage),
    tokens: population.people.slice(0, 2 * senders).map(({ token }) => token)
  })
  yield* client.calls.Resume()
  const lines = []
  for (let round = 0; round < scale.rounds; round++) {
    yield* Console.error(`burst: round ${round + 1} of ${scale.rounds}`)
    const { delivered, millis, ...wrong } = yield* client.calls.SendBurst({ conversations, senders, each })
    lines.push({ round: round + 1, delivered, ...wrong, "ms until all are there": rounded(millis) })
  }
  yield* client.calls.Leave()

  const wanted = senders * each
  const intact = lines.every(
    ({ delivered, doubled, lost, outOfOrder, reordered }) =>
      delivered === wanted && lost + doubled + outOfOrder + reordered === 0
  )
  return {
    tables: { [`burst: ${senders} senders, ${each} messages each, back to back`]: lines },
    goals: [
      {
        what: `${senders} senders, ${each} messages each, back to back`,
        measured: `${lines.map(({ delivered }) => delivered).join(", ")} delivered, ${lines.reduce((sum, { outOfOrder, reordered }) => sum + outOfOrder + reordered, 0)} out of order`,
        goal: `${wanted} each time, in order`,
        met: intact
      }
    ]
  } satisfies Report
})
