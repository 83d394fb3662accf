import type { Performance } from "./perform.ts"
import type { PlantedResult } from "./planted/plantedBugs.ts"

/** What a run came to: each fault that was played, and each planted bug that was to be caught. */
export interface Results {
  readonly seed: number
  readonly slack: number
  readonly quick: boolean
  readonly seconds: number
  readonly faults: ReadonlyArray<FaultResult>
  readonly planted: ReadonlyArray<PlantedResult>
  /** How many of both were not come to, since it was stopped. */
  readonly left: number
}

export type FaultResult =
  | {
      readonly _tag: "Played"
      readonly id: string
      readonly title: string
      readonly performance: Performance
    }
  /** It could not be played to its end. */
  | { readonly _tag: "Failed"; readonly id: string; readonly title: string; readonly error: string }
  | { readonly _tag: "Skipped"; readonly id: string; readonly title: string; readonly why: string }

export type Verdict = "ok" | "void" | "broken" | "failed" | "skipped"

export const verdictOf = (result: FaultResult): Verdict => {
  if (result._tag !== "Played") return result._tag === "Failed" ? "failed" : "skipped"
  const { broken, violations, void: missing } = result.performance
  if (violations.length > 0 || broken.length > 0) return "broken"
  return missing.length > 0 ? "void" : "ok"
}

const millis = (value: number) => (Number.isNaN(value) ? "-" : value.toFixed(0))

const headings = [
  "fault",
  "verdict",
  "ok",
  "fail",
  "info",
  "retried",
  "dedup",
  "filled",
  "p50/p95/max ms",
  "s",
  "exercised"
]

/** What is counted of every run has columns of its own. */
const usual = new Set(["sends", "ok", "fail", "info", "retried", "deduplicated", "settled", "gap-filled"])

const rowOf = (result: FaultResult): ReadonlyArray<string> => {
  if (result._tag !== "Played") {
    return [result.id, verdictOf(result), ...headings.slice(3).map(() => ""), result.title]
  }
  const { counts, seconds, summary } = result.performance
  const { all } = summary.delivery
  const own = Object.entries(counts).filter(([name]) => !usual.has(name))
  return [
    result.id,
    verdictOf(result),
    ...["ok", "fail", "info", "retried", "deduplicated", "gap-filled"].map((name) =>
      String(counts[name] ?? 0)
    ),
    [all.p50, all.p95, all.max].map(millis).join("/"),
    seconds.toFixed(0),
    own.map(([name, value]) => `${name} ${millis(value)}`).join(", ")
  ]
}

const table = (rows: ReadonlyArray<ReadonlyArray<string>>) => {
  const widths = rows.reduce<ReadonlyArray<number>>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    []
  )
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ")
  )
}

const shownOfAKind = 3

/** What is wrong with one, by kind. */
export const troublesOf = (result: FaultResult): ReadonlyArray<string> => {
  if (result._tag === "Skipped") return [`${result.id} was skipped: ${result.why}`]
  if (result._tag === "Failed") return [`${result.id} could not be played: ${result.error}`]
  const { broken, history, violations, void: missing } = result.performance
  const kinds = Map.groupBy(violations, ({ invariant, kind }) => `${invariant} ${kind}`)
  const troubles = [
    ...missing.map((name) => `${result.id} is void: there was no "${name}"`),
    ...broken.map((what) => `${result.id} ${what}`),
    ...Array.from(kinds, ([kind, all]) => [
      `${result.id} ${kind}, ${all.length} times:`,
      ...all.slice(0, shownOfAKind).map(({ detail }) => `    ${detail}`)
    ]).flat()
  ]
  return troubles.length === 0 ? [] : [...troubles, `    its history is ${history}`]
}

export const countsOf = ({ faults, planted }: Results) => {
  const verdicts = faults.map(verdictOf)
  const passed =
    verdicts.filter((verdict) => verdict === "ok").length + planted.filter(({ caught }) => caught).length
  const skipped = verdicts.filter((verdict) => verdict === "skipped").length
  return { passed, failed: faults.length + planted.length - passed - skipped, skipped }
}

/** Whether it shows that promises are kept: something was played to its end, and nothing failed. */
export const isGood = (results: Results): boolean => {
  const { failed, passed } = countsOf(results)
  return passed > 0 && failed === 0 && results.left === 0
}

/** What plays the bad ones once more. A seed holds for a quick run or for a full one. */
const again = ({ faults, planted, quick, seed, slack }: Results): ReadonlyArray<string> => {
  const command = (...flags: ReadonlyArray<string>) =>
    `again: npm run faults -- ${[...flags, `--seed ${seed}`, ...(slack === 1 ? [] : [`--slack ${slack}`])].join(" ")}`
  const bad = faults.filter((result) => !["ok", "skipped"].includes(verdictOf(result))).map(({ id }) => id)
  return [
    ...(bad.length > 0 ? [command(...(quick ? ["--quick"] : []), `--only ${bad.join(",")}`)] : []),
    ...(planted.every(({ caught }) => caught) ? [] : [command("--planted")])
  ]
}

/** For programs. Numbers of which there was nothing to measure are null. */
export const json = (results: Results): string =>
  JSON.stringify(
    {
      ...results,
      ...countsOf(results),
      faults: results.faults.map((result) => ({ ...result, verdict: verdictOf(result) }))
    },
    null,
    1
  )

/** For people to read; the last line is one for scripts. */
export const text = (results: Results): string => {
  const { faults, left, planted, quick, seconds, seed, slack } = results
  const { failed, passed, skipped } = countsOf(results)
  return [
    [
      `seed ${seed}${quick ? ", quick" : ""}`,
      ...(slack === 1 ? [] : [`all limits ${slack} times as long`]),
      `${seconds.toFixed(0)} s`
    ].join(", "),
    "",
    ...(faults.length > 0 ? [...table([headings, ...faults.map(rowOf)]), ""] : []),
    ...(planted.length > 0
      ? [
          ...table([
            ["planted bug", "caught", "by"],
            ...planted.map(({ by, caught, name }) => [name, caught ? "yes" : "NO", by])
          ]),
          ""
        ]
      : []),
    ...faults.flatMap(troublesOf),
    ...again(results),
    ...(left > 0 ? [`stopped before its end: ${left} were not played`] : []),
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
  ].join("\n")
}
