import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { Context, Metric } from "effect"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"

type Labels = Readonly<Record<string, string>>

/** One text's worth of figures, in a registry of its own: what is not written into it now is not in the text. */
const sheet = () => {
  const context = Context.make(Metric.MetricRegistry, new Map())
  return {
    gauge: (name: string, description: string, value: number, attributes: Labels = {}) =>
      Metric.gauge(name, { description, attributes }).updateUnsafe(value, context),
    counter: (name: string, description: string, value: number, attributes: Labels = {}) =>
      Metric.counter(name, { description, incremental: true, attributes }).updateUnsafe(value, context),
    text: () => PrometheusMetrics.formatUnsafe(context)
  }
}

type Sheet = ReturnType<typeof sheet>

const writeBuild = ({ gauge }: Sheet, { build, name: projection }: ProjectionStatus) => {
  if (build === null) return
  const { events, expected, kind, rate, state } = build
  gauge(
    "indelible_projection_build",
    "1 for the newest rebuild, verification or roll-back of a projection, going on or ended",
    1,
    { projection, kind, state }
  )
  gauge("indelible_projection_build_events", "Events that it has folded", events, { projection })
  gauge("indelible_projection_build_expected_events", "Events that it has to fold", expected, { projection })
  // The last rate stays in the ledger when it ends.
  gauge(
    "indelible_projection_build_rate",
    "Events a second that it folds now",
    state === "running" ? rate : 0,
    {
      projection
    }
  )
}

const write = (figures: Sheet, status: ProjectionStatus) => {
  const { counter, gauge } = figures
  const of = { projection: status.name }
  gauge(
    "indelible_projection_lag_events",
    "Events in the log that are not in the tables yet",
    Math.max(0, status.expected - status.events),
    of
  )
  gauge(
    "indelible_projection_lag_seconds",
    "Age of the oldest event that is not in the tables yet, 0 when all are",
    status.lagSeconds,
    of
  )
  counter("indelible_projection_processed_events_total", "Events in the tables", status.events, of)
  gauge(
    "indelible_projection_parked_streams",
    "Streams that are not followed since one of their events cannot be folded",
    status.parked,
    of
  )
  gauge(
    "indelible_projection_owned",
    "1 while some node keeps the tables up with the log",
    status.owner === null ? 0 : 1,
    of
  )
  gauge(
    "indelible_projection_needs_rebuild",
    "1 when the tables were made for another version of the program",
    status.builtFor === status.version ? 0 : 1,
    of
  )
  writeBuild(figures, status)
}

/** How all projections are doing, as Prometheus reads it; null when that could not be found out. */
export const projectionFigures = (statuses: ReadonlyArray<ProjectionStatus> | null): string => {
  const figures = sheet()
  figures.gauge(
    "indelible_projection_collect_up",
    "1 when the figures of projections could be read from the database for this answer",
    statuses === null ? 0 : 1
  )
  for (const status of statuses ?? []) write(figures, status)
  if (statuses !== null && statuses.length > 0) {
    // Each was read a moment after the one before, and the log only grows.
    const events = Math.max(...statuses.map(({ expected }) => expected))
    figures.counter("indelible_log_events_total", "Events in the log", events)
  }
  return figures.text()
}
