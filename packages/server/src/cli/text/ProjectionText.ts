import type { Halt } from "@indelible/projections/engine/Halt"
import type { ParkedStream } from "@indelible/projections/engine/Parked"
import type { ProjectionStatus } from "@indelible/projections/operations/ProjectionStatus"
import { hasEnded, standing } from "./BuildText.ts"
import { doing, percent } from "./Progress.ts"
import { count, counted, duration, moment } from "./Quantities.ts"
import { harmless, type Style } from "./Style.ts"
import { pairs, table } from "./Table.ts"

const version = ({ builtFor, version }: ProjectionStatus) =>
  builtFor === null
    ? "no tables"
    : builtFor === version
      ? String(version)
      : `${builtFor}, NEEDS A REBUILD for ${version}`

const building = ({ build }: ProjectionStatus) => {
  if (build === null) return "-"
  return hasEnded(build) ? `${build.kind} ${build.state}` : `${build.kind} ${doing(build)} ${percent(build)}`
}

const reason = ({ error, node, since }: Halt) => `since ${moment(since)}, on ${node}: ${error}`

const wayOut = (name: string) =>
  `its tables do not follow the record. Broken tables: \`indelible projections rebuild ${name}\`. Other reasons: "A projection is halted" in docs/operations.md. It goes on by itself within some seconds once that is mended.`

const haltLines = ({ halted, name }: ProjectionStatus, style: Style) =>
  halted === null
    ? []
    : [`${style.bad(`${name} is HALTED`)} ${harmless(reason(halted))}`, `  ${wayOut(name)}`]

/** All projections, a line each; below them those that somebody has to look at. */
export const listing = (all: ReadonlyArray<ProjectionStatus>, style: Style): ReadonlyArray<string> => [
  ...table(
    [
      { title: "projection", of: ({ name }) => name },
      { title: "version", of: version },
      { title: "owner", of: ({ owner }) => owner ?? "NOBODY" },
      { title: "events", of: ({ events }) => count(events), right: true },
      { title: "behind", of: ({ events, expected }) => count(Math.max(0, expected - events)), right: true },
      { title: "lag", of: ({ lagSeconds }) => duration(lagSeconds), right: true },
      { title: "parked", of: ({ parked }) => count(parked), right: true },
      { title: "build", of: building }
    ],
    all,
    style
  ),
  ...all.flatMap((status) => haltLines(status, style))
]

/** One projection with all that is known of it. */
export const details = (status: ProjectionStatus, style: Style): ReadonlyArray<string> => [
  style.strong(status.name),
  ...pairs([
    ["version", version(status)],
    ["owner", status.owner ?? "NOBODY keeps it up; is a service running?"],
    ...(status.halted === null
      ? []
      : ([
          ["HALTED", reason(status.halted)],
          ["", wayOut(status.name)]
        ] as const)),
    ["events", `${count(status.events)} of ${count(status.expected)}`],
    ["lag", duration(status.lagSeconds)],
    [
      "parked",
      status.parked === 0
        ? "none"
        : `${counted(status.parked, "stream")}; see \`indelible projections parked ${status.name}\``
    ],
    ["build", status.build === null ? "never" : standing(status.build)],
    ...status.asked.map(
      ({ at, by, what }, i) => [i === 0 ? "asked for" : "", `${what}, by ${by} at ${moment(at)}`] as const
    )
  ])
]

/** Streams that wait, and why. */
export const parkedListing = (parked: ReadonlyArray<ParkedStream>, style: Style): ReadonlyArray<string> =>
  table(
    [
      { title: "stream", of: ({ streamId }) => streamId },
      { title: "position", of: ({ streamPos }) => count(streamPos), right: true },
      { title: "event", of: ({ schemaVersion, type }) => `${type} v${schemaVersion}` },
      { title: "since", of: ({ parkedAt }) => moment(parkedAt) },
      { title: "tries", of: ({ attempts }) => count(attempts), right: true },
      { title: "error", of: ({ error, retry }) => (retry ? `${error} (about to be tried again)` : error) }
    ],
    parked,
    style
  )
