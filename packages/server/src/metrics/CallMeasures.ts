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
