import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { connectedRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import { Effect, Metric } from "effect"
import { boundaries } from "./Latencies.ts"

/** Clients choose what they call, and every label is kept for ever. */
const known: ReadonlySet<string> = new Set(connectedRpcs.requests.keys())

/**
 * Counts a call and its time.
 *
 * @param outcome `ok`, `cancelled`, or the code of a problem
 * @param seconds undefined for what was not worked on, and for streams
 */
export type ObserveCall = (method: string, outcome: string, seconds: number | undefined) => void

/** Plain calls, on the way of every call. */
export const callMeasures: Effect.Effect<ObserveCall> = Effect.map(Effect.context<never>(), (context) => {
  const counters = new Map<string, Metric.Counter<number>>()
  const histograms = new Map<string, Metric.Histogram<number>>()

  const counter = (method: string, outcome: string) =>
    Metric.counter("indelible_rpc_calls_total", {
      description: "Calls answered, by method and by how they went: ok, cancelled, or the problem's code",
      incremental: true,
      attributes: { method, outcome }
    })
  const histogram = (method: string) =>
    Metric.histogram("indelible_rpc_call_seconds", {
      description: "Time from a call that was let in to its answer, by method",
      boundaries,
      attributes: { method }
    })

  return (given, outcome, seconds) => {
    const method = known.has(given) ? given : "unknown"
    const calls = counters.get(`${method} ${outcome}`) ?? counter(method, outcome)
    counters.set(`${method} ${outcome}`, calls)
    calls.updateUnsafe(1, context)
    if (seconds === undefined) return
    const latency = histograms.get(method) ?? histogram(method)
    histograms.set(method, latency)
    latency.updateUnsafe(seconds, context)
  }
})

const connections = Metric.gauge("indelible_rpc_connections", {
  description: "RPC connections open on this node"
})

// Peers choose their codes freely.
const knownCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, ...Object.values(CloseCode)])

export interface ConnectionMeasures {
  readonly open: (count: number) => void
  readonly closed: (code: number | "protocol-error") => void
}

export const connectionMeasures: Effect.Effect<ConnectionMeasures> = Effect.map(
  Effect.context<never>(),
  (context) => {
    const byCode = new Map<string, Metric.Counter<number>>()
    const closedBy = (code: string) => {
      const counter =
        byCode.get(code) ??
        Metric.counter("indelible_rpc_closes_total", {
          description: "RPC connections closed, by close code; 1006 is one that went away without a word",
          incremental: true,
          attributes: { code }
        })
      byCode.set(code, counter)
      return counter
    }
    return {
      open: (count) => connections.updateUnsafe(count, context),
      closed: (code) =>
        closedBy(typeof code === "number" && !knownCodes.has(code) ? "other" : String(code)).updateUnsafe(
          1,
          context
        )
    }
  }
)
