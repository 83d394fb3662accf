import type { Build, BuildRange } from "@indelible/projections/engine/build/Build"
import { count, duration } from "./Quantities.ts"

const eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

const share = ({ events, expected }: Pick<BuildRange, "events" | "expected">) =>
  expected <= 0 ? 1 : Math.min(1, events / expected)

/** One little bar for each range of slices, full only when it has all its events. */
const rangeBars = (ranges: ReadonlyArray<BuildRange>) =>
  `▕${ranges.map((range) => eighths[Math.floor(share(range) * 8)] ?? " ").join("")}▏`

const cells = 16
const totalBar = (whole: number) => `▕${"█".repeat(Math.floor(whole * cells)).padEnd(cells, "░")}▏`

/** Nothing is known of a build that nobody has begun. */
const isCounted = ({ begunAt, expected, stage }: Build) =>
  expected > 0 || (begunAt !== null && stage !== null)

/** Rounded down: 100 % is all of it. */
export const percent = (build: Build): string =>
  isCounted(build) ? `${Math.floor(share(build) * 100)}%` : "0%"

/** What it is doing: its stage while it runs, otherwise its state. */
export const doing = ({ stage, state }: Build): string =>
  state === "running" ? (stage ?? "beginning") : state

const counts = (build: Build) =>
  build.expected > 0 ? `${count(build.events)} of ${count(build.expected)} events` : ""
const rate = ({ rate, state }: Build) => (state === "running" && rate >= 0.5 ? `${count(rate)}/s` : "")
const left = ({ eta, state }: Build) =>
  state === "running" && eta !== null && eta > 0 ? `about ${duration(eta)} left` : ""

const joined = (parts: ReadonlyArray<string>) => parts.filter((part) => part !== "").join("  ")

/**
 * A build in one line that a terminal redraws: what it is, what it is doing, a bar for each range, and how far, how fast
 * and how long still. What does not fit is left out, the least telling first; nothing is wider than `width`.
 */
export const progressLine = (build: Build, width: number): string => {
  const name = `${build.kind} ${build.projection}`
  const bars =
    build.ranges.length > 1 ? rangeBars(build.ranges) : totalBar(isCounted(build) ? share(build) : 0)
  const [what, far] = [doing(build), percent(build)]
  const candidates = [
    [name, what, bars, far, counts(build), rate(build), left(build)],
    [name, what, bars, far, rate(build), left(build)],
    [name, what, bars, far, left(build)],
    [name, what, bars, far],
    [name, what, far],
    [name, far]
  ]
  const found = candidates.map(joined).find((line) => line.length <= width)
  return found ?? far.slice(0, Math.max(0, width))
}

/** The same as a line of a log. */
export const progressText = (build: Build): string => {
  const far = build.expected > 0 ? `${percent(build)}, ${counts(build)}` : ""
  const details = [far, rate(build), left(build)].filter((part) => part !== "").join(", ")
  const line = `${build.kind} ${build.projection}: ${doing(build)}`
  return details === "" ? line : `${line} ${details}`
}
