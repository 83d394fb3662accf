import { Effect, Metric } from "effect"
import { type ConnectionMeasures, connectionMeasures } from "../metrics/ConnectionMeasures.ts"

const sockets = Metric.gauge("indelible_realtime_sockets", { description: "WebSockets open on this node" })
const received = Metric.counter("indelible_realtime_frames_received_total", {
  description: "Frames that clients sent",
  incremental: true
})
const sent = Metric.counter("indelible_realtime_frames_sent_total", {
  description: "Frames sent to clients",
  incremental: true
})
const watched = Metric.gauge("indelible_realtime_watched_people", {
  description: "People with whom a conversation is open on some WebSocket of this node"
})
const closed = Metric.counter("indelible_realtime_closes_total", {
  description: "WebSockets closed, by close code; 1006 is one that went away without a word",
  incremental: true
})

/** What the gateway counts. Plain calls: they happen in socket callbacks, some thousand a second. */
export interface RealtimeMeasures extends ConnectionMeasures {
  readonly received: () => void
  readonly sent: () => void
  readonly watched: (count: number) => void
}

export const realtimeMeasures: Effect.Effect<RealtimeMeasures> = Effect.gen(function* () {
  const context = yield* Effect.context<never>()
  return {
    ...(yield* connectionMeasures(sockets, closed)),
    received: () => received.updateUnsafe(1, context),
    sent: () => sent.updateUnsafe(1, context),
    watched: (count) => watched.updateUnsafe(count, context)
  }
})
