import type { Played } from "./World.ts"

const width = 30

const line = ({ at, done, steps }: Played) => {
  const month = new Date(at).toISOString().slice(0, 10)
  return `${String(Math.floor((100 * done) / steps)).padStart(3)} %  ${month}`
}

const bar = (played: Played) => {
  const full = Math.round((width * played.done) / played.steps)
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${line(played)}`
}

/** Shows how far the playing is: a bar where somebody looks on, in a pipe a line a second at most. */
export const progress = (out: NodeJS.WriteStream): ((played: Played) => void) => {
  let shown = performance.now()
  return (played) => {
    const last = played.done === played.steps
    const now = performance.now()
    if (!last && now - shown < (out.isTTY ? 80 : 1_000)) return
    shown = now
    out.write(out.isTTY ? `\r${bar(played)}${last ? "\n" : ""}` : `${line(played)}\n`)
  }
}
