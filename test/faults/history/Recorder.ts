import { createWriteStream } from "node:fs"
import { Clock, Effect } from "effect"
import type { Line } from "./Line.ts"

type Timeless<L> = L extends Line ? Omit<L, "t"> : never

/** Where everyone writes down what they did and saw, as it happens. */
export interface Recorder {
  readonly lines: ReadonlyArray<Line>
  /** Writes a line with the time it is now. */
  readonly record: (line: Timeless<Line>) => void
  /** A number that no other call or session has. */
  readonly next: () => number
}

/** Milliseconds on the machine's monotonic clock. */
export const now = () => Number(process.hrtime.bigint()) / 1e6

/** @param file where the lines go as well, so that a run which ends badly leaves them */
export const make = Effect.fn("Recorder.make")(function* (file: string) {
  const lines: Array<Line> = []
  let numbers = 0
  const stream = yield* Effect.acquireRelease(
    Effect.sync(() => createWriteStream(file)),
    (open) => Effect.callback<void>((resume) => void open.end(() => resume(Effect.void)))
  )
  const write = (line: Line) => {
    // Sockets say their last after everything is over.
    if (stream.writableEnded) return
    lines.push(line)
    stream.write(`${JSON.stringify(line)}\n`)
  }
  const wall = yield* Clock.currentTimeMillis
  write({ proc: "machine", op: "clock", phase: "ok", wall, t: now() })
  return {
    lines,
    record: (line) => write({ ...line, t: now() }),
    next: () => ++numbers
  } satisfies Recorder
})
