import type { Build } from "@indelible/projections/engine/build/Build"
import { progressText } from "./Progress.ts"
import { counted, duration, moment } from "./Quantities.ts"
import { harmless, type Style } from "./Style.ts"
import { verdict } from "./Verdict.ts"

export const hasEnded = ({ state }: Build): boolean =>
  state === "done" || state === "cancelled" || state === "failed"

/** Whether it did what it was asked for, and a verification found nothing. */
export const isGood = ({ comparison, kind, state }: Build): boolean =>
  state === "done" && (kind !== "verify" || comparison?.equal === true)

const names = { rebuild: "rebuild", verify: "verification", rollback: "roll-back" } as const
export const nameOf = ({ kind, projection }: Build): string => `the ${names[kind]} of ${projection}`

const took = ({ begunAt, endedAt }: Build) =>
  begunAt === null || endedAt === null
    ? ""
    : ` in ${duration((endedAt.getTime() - begunAt.getTime()) / 1_000)}`

const kept = ({ keptUntil, projection }: Build) =>
  keptUntil === null
    ? []
    : [
        `The tables that it replaced are kept until ${moment(keptUntil)}; \`indelible projections rollback ${projection}\` puts them back.`
      ]

const compared = (build: Build, style: Style) =>
  build.comparison === null
    ? [`They were not compared with those before: ${harmless(build.message ?? "nothing was recorded")}.`]
    : ["Compared with the tables before:", ...verdict(build, build.comparison, style)]

const done = (build: Build, style: Style): ReadonlyArray<string> => {
  const { comparison, kind, projection } = build
  switch (kind) {
    case "rebuild":
      return [
        `${projection} is ${style.good("rebuilt")}${took(build)}, from ${counted(comparison?.events ?? build.events, "event")}.`,
        ...compared(build, style),
        ...kept(build)
      ]
    case "rollback":
      return [`${projection} is ${style.good("rolled back")} to the tables of before.`, ...kept(build)]
    case "verify":
      return comparison === null
        ? [`${projection}: ${style.bad("no verdict")} was recorded.`]
        : [
            ...verdict(build, comparison, style),
            ...(comparison.equal
              ? []
              : [
                  `\`indelible events read <stream>\` shows the events of a row; \`indelible projections rebuild ${projection}\` makes the tables anew.`
                ])
          ]
  }
}

/** How a build has ended, for whoever waited for it. */
export const ending = (build: Build, style: Style): ReadonlyArray<string> => {
  switch (build.state) {
    case "done":
      return done(build, style)
    case "cancelled":
      return [`${nameOf(build)} was ${style.bad("cancelled")}. The live tables are as they were.`]
    default:
      return [
        `${nameOf(build)} ${style.bad("failed")}: ${harmless(build.message ?? "it is not told why")}. The live tables are as they were.`
      ]
  }
}

/** How a build stands, in a line. */
export const standing = (build: Build): string => {
  const by = `asked for by ${harmless(build.requestedBy)} at ${moment(build.requestedAt)}`
  if (!hasEnded(build)) {
    const trouble = build.message === null ? "" : `; ${harmless(build.message)}`
    return `${progressText(build)}${trouble}, ${by}`
  }
  const at = build.endedAt === null ? "" : ` at ${moment(build.endedAt)}`
  const found =
    build.comparison === null ? "" : build.comparison.equal ? ", tables equal" : ", tables DIFFERENT"
  return `${build.kind} ${build.state}${at}${found}, ${by}`
}
