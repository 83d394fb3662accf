import type { Build, Comparison, RowDifference } from "@indelible/projections/engine/build/Build"
import { count, counted } from "./Quantities.ts"
import { harmless, type Style } from "./Style.ts"

const value = (of: unknown): string => harmless(JSON.stringify(of) ?? "nothing")

const keyOf = (key: RowDifference["key"]) =>
  Object.entries(key)
    .map(([column, of]) => `${column}=${typeof of === "string" ? harmless(of) : value(of)}`)
    .join(" ")

const kinds = {
  differs: "differs",
  "only live": "is in the live tables only",
  "only built": "is missing in the live tables"
} as const

const rowLines = ({ fields, key, kind, lastEvent, slice, table }: RowDifference, style: Style) => [
  `  ${style.strong(harmless(table))} ${keyOf(key)} (slice ${slice}) ${style.bad(kinds[kind])}`,
  ...fields.map(
    ({ built, field, live }) => `    ${harmless(field)}: live ${value(live)}, anew ${value(built)}`
  ),
  lastEvent === null
    ? "    no event of it was found"
    : `    last event: ${harmless(lastEvent.streamId)} position ${lastEvent.streamPos}, ${harmless(lastEvent.type)}, ${harmless(lastEvent.recordedAt)}`
]

const parkedLines = ({ parked }: Comparison) =>
  parked.length === 0
    ? []
    : [
        `  left out, as they are parked in one of the two: ${counted(parked.length, "stream")}`,
        ...parked.map((stream) => `    ${harmless(stream)}`)
      ]

const differing = (comparison: Comparison, style: Style) => [
  ...comparison.slices.map(
    ({ builtRows, liveRows, slice, table }) =>
      `  ${harmless(table)}, slice ${slice}: ${counted(liveRows, "live row")}, ${count(builtRows)} made anew`
  ),
  ...(comparison.differences.length === 0 ? [] : ["", `  the first rows that differ:`]),
  ...comparison.differences.flatMap((difference) => rowLines(difference, style))
]

/** What the comparison of live tables with ones made anew has shown, field by field. */
export const verdict = (
  { projection }: Build,
  comparison: Comparison,
  style: Style
): ReadonlyArray<string> => {
  const { equal, events, rows, slices } = comparison
  const extent = `${counted(rows, "row")} compared, at ${counted(events, "event")}`
  return equal
    ? [`${projection}: ${style.good("equal")}. ${extent}.`, ...parkedLines(comparison)]
    : [
        `${projection}: ${style.bad("DIFFERENT")} in ${counted(slices.length, "place")}. ${extent}.`,
        ...differing(comparison, style),
        ...parkedLines(comparison)
      ]
}
