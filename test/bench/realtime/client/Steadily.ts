import { Effect } from "effect"
import { measured, percentile } from "../../Latencies.ts"
import type { Delivered, Step } from "./ClientCalls.ts"
import { irregularities, markOf, message, type Talk } from "./Talk.ts"

/** Milliseconds that a message may still be under way when the last was sent. */
const patience = 10_000
const tick = 1

/** When each message is to be sent, in milliseconds from the start. */
const scheduleOf = (steps: ReadonlyArray<typeof Step.Type>): Float64Array => {
  let begin = 0
  const due: Array<number> = []
  for (const { perSecond, seconds } of steps) {
    for (let sent = 0; sent < perSecond * seconds; sent++) due.push(begin + (sent * 1_000) / perSecond)
    begin += seconds * 1_000
  }
  return Float64Array.from(due)
}

/**
 * Sends at the rates of these steps whatever the answers do, one conversation after the other, its two people in turn.
 * A latency runs from the moment at which a message was to be sent, so a sender that is held up hides nothing.
 */
export const sendSteadily = (talks: ReadonlyArray<Talk>, steps: ReadonlyArray<typeof Step.Type>) =>
  Effect.callback<typeof Delivered.Type>((resume) => {
    const due = scheduleOf(steps)
    const latencies: Array<number> = []
    const late: Array<number> = []
    const counts = { sent: 0, acknowledged: 0, refused: 0 }
    const begin = performance.now()

    for (const { devices } of talks) {
      for (const device of devices) {
        device.heard = (frame) => {
          if (frame.type === "message_sent") counts.acknowledged += 1
          if (frame.type === "error") counts.refused += 1
          if (frame.type !== "message_received" || frame.text === null) return
          latencies.push(performance.now() - begin - (due[Number(markOf(frame.text))] ?? Number.NaN))
        }
      }
    }
    const send = (now: number) => {
      const talk = talks[counts.sent % talks.length]
      if (talk === undefined) return
      const [one, other] = talk.devices
      const sender = Math.floor(counts.sent / talks.length) % 2 === 0 ? one : other
      sender.post(message(talk.conversation, String(counts.sent)))
      late.push(now - (due[counts.sent] ?? now))
      counts.sent += 1
    }
    const finish = (elapsed: number) => {
      const { p50, p99 } = measured(latencies, elapsed)
      const sorted = late.sort((a, b) => a - b)
      resume(
        Effect.succeed({
          ...counts,
          ...irregularities(talks),
          delivered: latencies.length,
          p50,
          p99,
          late: percentile(sorted, 99)
        })
      )
    }
    const timer = setInterval(() => {
      const now = performance.now() - begin
      while (counts.sent < due.length && (due[counts.sent] ?? now) <= now) send(now)
      const settled =
        latencies.length + counts.refused >= due.length && counts.acknowledged >= latencies.length
      if (counts.sent < due.length || !(settled || now > (due.at(-1) ?? 0) + patience)) return
      clearInterval(timer)
      finish(now)
    }, tick)
    return Effect.sync(() => clearInterval(timer))
  })
