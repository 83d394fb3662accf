import { monitorEventLoopDelay } from "node:perf_hooks"
import { Effect, Layer, Metric, Schedule } from "effect"

/** Milliseconds between two looks at the event loop; what is late beyond that is its delay. */
const resolution = 20
/** A spike is shown for one to two of these: a scrape every half minute misses none. */
const window = "30 seconds"

interface Delays {
  /** Of 99 of 100 looks, at most. */
  readonly usual: number
  /** A thread that stands still looks once: most looks say nothing of it. */
  readonly longest: number
}

/** How late the looks at this thread's event loop came, in this window or the one before, in seconds. */
const eventLoopDelay = Effect.gen(function* () {
  const delays = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const histogram = monitorEventLoopDelay({ resolution })
      histogram.enable()
      return histogram
    }),
    (histogram) => Effect.sync(() => histogram.disable())
  )
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolution / 1e3)
  // Of no looks at all the longest is the least number there is.
  const current = (): Delays => ({
    usual: late(delays.percentile(99)),
    longest: delays.count === 0 ? 0 : late(delays.max)
  })
  let before: Delays = { usual: 0, longest: 0 }
  yield* Effect.sync(() => {
    before = current()
    delays.reset()
  }).pipe(Effect.delay(window), Effect.repeat(Schedule.forever), Effect.forkScoped)
  return (which: keyof Delays) => Math.max(before[which], current()[which])
})

const processorSeconds = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e6
}

const ignore = () => {}

/** What this process is, read when somebody looks. The usual names, so that the usual dashboards find them. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const context = yield* Effect.context<never>()
    const delay = yield* eventLoopDelay
    const register = <State>(metric: Metric.Metric<number, State>, get: () => State) =>
      Effect.acquireRelease(
        Effect.sync(() => Metric.registerUnsafe(metric, context, { get, update: ignore, modify: ignore })),
        (registration) => Effect.sync(() => registration.remove())
      )
    const gauge = (name: string, description: string, read: () => number) =>
      register(Metric.gauge(name, { description }), () => ({ value: read() }))

    yield* gauge(
      "process_start_time_seconds",
      "When the process began, in seconds since 1970",
      () => performance.timeOrigin / 1e3
    )
    yield* gauge(
      "process_resident_memory_bytes",
      "Memory that the process has in RAM",
      process.memoryUsage.rss
    )
    yield* gauge(
      "indelible_event_loop_delay_seconds",
      "How late 99 of 100 looks at the event loop came at most, in the last 30 to 60 s",
      () => delay("usual")
    )
    yield* gauge(
      "indelible_event_loop_longest_delay_seconds",
      "How late any look at the event loop came, in the last 30 to 60 s",
      () => delay("longest")
    )
    yield* register(
      Metric.counter("process_cpu_seconds_total", {
        description: "Processor time of all threads of the process",
        incremental: true
      }),
      () => ({ count: processorSeconds(), incremental: true })
    )
  })
)
