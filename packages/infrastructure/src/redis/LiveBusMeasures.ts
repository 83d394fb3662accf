import { Effect, Metric } from "effect"

const reasons = [
  /** The network is too slow for what is published. */
  "full",
  /** Redis did not take it. */
  "unsent",
  /** Another installation's, or somebody's invention. */
  "forged",
  /** Damaged, or a defect. */
  "unreadable",
  /** A newer program's. */
  "unknown"
] as const
export type DropReason = (typeof reasons)[number]

const sent = Metric.counter("indelible_live_bus_sent_total", {
  description: "Messages to other nodes that Redis took",
  incremental: true
})
const received = Metric.counter("indelible_live_bus_received_total", {
  description: "Messages of other nodes",
  incremental: true
})

export interface LiveBusMeasures {
  readonly sent: (count: number) => void
  readonly received: (count: number) => void
  readonly dropped: (reason: DropReason, count: number) => void
}

export const liveBusMeasures: Effect.Effect<LiveBusMeasures> = Effect.map(
  Effect.context<never>(),
  (context) => {
    const dropped = new Map(
      reasons.map((reason) => {
        const counter = Metric.counter("indelible_live_bus_dropped_total", {
          description: "Messages to and from other nodes that were dropped, by why",
          incremental: true,
          attributes: { reason }
        })
        // There from the start: one that appears with its first drop would hide it from `rate`.
        counter.valueUnsafe(context)
        return [reason, counter]
      })
    )
    return {
      sent: (count) => sent.updateUnsafe(count, context),
      received: (count) => received.updateUnsafe(count, context),
      dropped: (reason, count) => dropped.get(reason)?.updateUnsafe(count, context)
    }
  }
)
