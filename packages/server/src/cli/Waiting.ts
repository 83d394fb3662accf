import type { Build } from "@indelible/projections/engine/build/Build"
import { progressLine, progressText } from "./text/Progress.ts"

/** What keeps a build from going on, for whoever watches it; null while it does, or may be about to. */
export type Hindrance = string | null

/**
 * @param builder the node that carries out what is asked for; undefined while nobody has looked yet
 */
const hindrance = (build: Build, builder: string | null | undefined): Hindrance => {
  if (build.state === "paused") return `\`indelible projections resume ${build.projection}\` lets it go on`
  if (builder === null) {
    return "waiting for a node: none is running projections. `npm start` starts one; this goes on by itself then"
  }
  // Trouble that is being waited out.
  return build.message
}

export const lineOf = (build: Build, builder: string | null | undefined, width: number): string => {
  const hindered = hindrance(build, builder)
  if (hindered === null) return progressLine(build, width)
  const line = `${progressText(build)}; ${hindered}`
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
}

export const textOf = (build: Build, builder: string | null | undefined): string => {
  const hindered = hindrance(build, builder)
  return hindered === null ? progressText(build) : `${progressText(build)}; ${hindered}`
}
