import type { BuildView } from "@indelible/api/operations/BuildView"
import type { EventPageView } from "@indelible/api/operations/EventView"
import type { ParkedStreamView, ProjectionView } from "@indelible/api/operations/ProjectionView"
import type { InspectedPage } from "@indelible/application/store/InspectEvents"
import type { Build, Comparison } from "@indelible/projections/engine/build/Build"
import type { ParkedStream } from "@indelible/projections/engine/Parked"
import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { Schema } from "effect"

// What engineers see of operations, over HTTP and with `--json` alike.

/** Values of rows and facts come out of jsonb: anything but JSON is a bug. */
const json = Schema.decodeUnknownSync(Schema.Json)

const moment = (at: Date | null) => at?.toISOString() ?? null

const comparisonView = (comparison: Comparison): BuildView["comparison"] => ({
  ...comparison,
  differences: comparison.differences.map((difference) => ({
    ...difference,
    key: Object.fromEntries(Object.entries(difference.key).map(([column, value]) => [column, json(value)])),
    fields: difference.fields.map(({ built, field, live }) => ({
      field,
      live: json(live ?? null),
      built: json(built ?? null)
    }))
  }))
})

export const buildView = (build: Build): BuildView => ({
  ...build,
  requestedAt: build.requestedAt.toISOString(),
  begunAt: moment(build.begunAt),
  endedAt: moment(build.endedAt),
  keptUntil: moment(build.keptUntil),
  comparison: build.comparison && comparisonView(build.comparison)
})

export const projectionView = (status: ProjectionStatus): ProjectionView => ({
  ...status,
  halted: status.halted && { ...status.halted, since: status.halted.since.toISOString() },
  build: status.build && buildView(status.build),
  asked: status.asked.map((asked) => ({ ...asked, at: asked.at.toISOString() }))
})

export const parkedView = (stream: ParkedStream): ParkedStreamView => ({
  ...stream,
  parkedAt: stream.parkedAt.toISOString(),
  triedAt: stream.triedAt.toISOString()
})

export const eventPageView = ({ events, next }: InspectedPage): EventPageView => ({
  events: events.map((event) => ({ ...event, facts: json(event.facts) })),
  next
})
