import { Effect } from "effect"
import type { Burst } from "./ClientCalls.ts"
import { irregularities, markOf, message, type Talk } from "./Talk.ts"

const patience = "30 seconds"

/** One person of each of so many conversations sends `each` messages without waiting for anything. */
export const sendBurst = Effect.fnUntraced(function* (
  all: ReadonlyArray<Talk>,
  senders: number,
  each: number
) {
  const talks = all.slice(0, senders)
  const counts = { delivered: 0, outOfOrder: 0 }
  const begin = performance.now()
  const arrived = Effect.callback<void>((resume) => {
    for (const { conversation, devices } of talks) {
      const [sender, receiver] = devices
      let next = 0
      receiver.heard = (frame) => {
        if (frame.type !== "message_received" || frame.text === null) return
        const number = Number(markOf(frame.text))
        if (number < next) counts.outOfOrder += 1
        next = number + 1
        counts.delivered += 1
        if (counts.delivered === talks.length * each) resume(Effect.void)
      }
      for (let number = 0; number < each; number++) sender.post(message(conversation, String(number)))
    }
  })
  yield* Effect.timeoutOption(arrived, patience)
  const millis = performance.now() - begin
  // The senders' own answers may be a moment behind.
  yield* Effect.sleep("500 millis")
  return { ...counts, ...irregularities(talks), millis } satisfies typeof Burst.Type
})
