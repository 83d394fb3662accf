import { Effect, Metric } from "effect"

/** Seconds: from what nobody notices to what everybody gives up on. The goals of the service lie on borders. */
export const boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Adds one latency, in seconds. A plain call, since it is made on the way of every message. */
export type Observe<Value extends string> = (value: Value, seconds: number) => void

/**
 * A histogram of seconds for each value of one label. All of them are there from the start, at zero: a series that first
 * appears with its first failure would hide that failure from `rate`.
 */
export const latencies = <Value extends string>(
  name: string,
  description: string,
  label: string,
  values: ReadonlyArray<Value>
): Effect.Effect<Observe<Value>> =>
  Effect.map(Effect.context<never>(), (context) => {
    const histograms = new Map(
      values.map((value) => {
        // The label as an attribute of its own: `withAttributes` would make a new context for every update.
        const histogram = Metric.histogram(name, { description, boundaries, attributes: { [label]: value } })
        histogram.valueUnsafe(context)
        return [value, histogram]
      })
    )
    return (value, seconds) => histograms.get(value)?.updateUnsafe(seconds, context)
  })
