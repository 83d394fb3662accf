import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Effect, Metric } from "effect"

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

// Peers choose their codes freely, and every label is kept for ever.
const knownCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, ...Object.values(CloseCode)])

/** What the gateway counts. Plain calls: they happen in socket callbacks, some thousand a second. */
export interface RealtimeMeasures {
  readonly open: (count: number) => void
  readonly received: () => void
  readonly sent: () => void
  readonly watched: (count: number) => void
  readonly closed: (code: number | "protocol-error") => void
}

export const realtimeMeasures: Effect.Effect<RealtimeMeasures> = Effect.map(
  Effect.context<never>(),
  (context) => {
    const byCode = new Map<string, Metric.Counter<number>>()
    const closedBy = (code: string) => {
      const counter = byCode.get(code) ?? Metric.withAttributes(closed, { code })
      byCode.set(code, counter)
      return counter
    }
    return {
      open: (count) => sockets.updateUnsafe(count, context),
      received: () => received.updateUnsafe(1, context),
      sent: () => sent.updateUnsafe(1, context),
      watched: (count) => watched.updateUnsafe(count, context),
      closed: (code) =>
        closedBy(typeof code === "number" && !knownCodes.has(code) ? "other" : String(code)).updateUnsafe(
          1,
          context
        )
    }
  }
)
