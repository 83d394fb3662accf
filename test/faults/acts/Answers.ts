import type { Recorder } from "../history/Recorder.ts"

/** How long senders waited for their ok, in milliseconds, shortest first; of what was sent since then. */
export const answersSince = ({ lines }: Recorder, since: number): ReadonlyArray<number> => {
  const begun = new Map<number, number>()
  const times: Array<number> = []
  for (const line of lines) {
    if (line.op !== "send" || line.t < since) continue
    if (line.phase === "invoke") begun.set(line.call, line.t)
    const from = begun.get(line.call)
    if (line.phase === "ok" && from !== undefined) times.push(line.t - from)
  }
  return times.sort((a, b) => a - b)
}
