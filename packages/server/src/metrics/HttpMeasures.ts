import { Effect, Metric } from "effect"
import { boundaries } from "./Latencies.ts"

/** Clients choose their methods, and every label is kept for ever. */
const knownMethods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS"
])

/** @param route a template of ours, never a path */
export type ObserveAnswer = (method: string, route: string, status: number, seconds: number) => void

/** Counts answers and their time. Plain calls, on the way of every request. */
export const httpMeasures: Effect.Effect<ObserveAnswer> = Effect.map(Effect.context<never>(), (context) => {
  const counters = new Map<string, Metric.Counter<number>>()
  const histograms = new Map<string, Metric.Histogram<number>>()

  const counter = (method: string, route: string, status: number) =>
    Metric.counter("indelible_http_requests_total", {
      description: "Requests answered, by the route's template and the status",
      incremental: true,
      attributes: { method, route, status: String(status) }
    })
  const histogram = (method: string, route: string) =>
    Metric.histogram("indelible_http_request_seconds", {
      description: "Time from a request's headers to its answer's, by the route's template",
      boundaries,
      attributes: { method, route }
    })

  return (given, route, status, seconds) => {
    const method = knownMethods.has(given) ? given : "other"
    const name = `${method} ${route}`
    const latency = histograms.get(name) ?? histogram(method, route)
    histograms.set(name, latency)
    latency.updateUnsafe(seconds, context)
    const answers = counters.get(`${name} ${status}`) ?? counter(method, route, status)
    counters.set(`${name} ${status}`, answers)
    answers.updateUnsafe(1, context)
  }
})
