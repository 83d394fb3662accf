import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Effect, Metric } from "effect"

// Peers choose their codes freely, and every label is kept for ever.
const knownCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, ...Object.values(CloseCode)])

/** Plain calls: they happen in socket callbacks. */
export interface ConnectionMeasures {
  readonly open: (count: number) => void
  readonly closed: (code: number | "protocol-error") => void
}

/** How many connections of one interface are open, and by what codes they were closed. */
export const connectionMeasures = (
  connections: Metric.Gauge<number>,
  closes: Metric.Counter<number>
): Effect.Effect<ConnectionMeasures> =>
  Effect.map(Effect.context<never>(), (context) => {
    const byCode = new Map<string, Metric.Counter<number>>()
    const closedBy = (code: string) => {
      const counter = byCode.get(code) ?? Metric.withAttributes(closes, { code })
      byCode.set(code, counter)
      return counter
    }
    return {
      open: (count) => connections.updateUnsafe(count, context),
      closed: (code) => {
        const known = code === "protocol-error" || knownCodes.has(code)
        closedBy(known ? String(code) : "other").updateUnsafe(1, context)
      }
    }
  })
