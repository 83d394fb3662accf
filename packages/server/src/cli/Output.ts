import { Effect, Schema, Terminal } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { JsonFlag } from "./Flags.ts"
import { coloured, plain, type Style } from "./text/Style.ts"

/** Whoever was reading has gone, as `head` does. */
export class OutputClosed extends Schema.TaggedError<OutputClosed>()("OutputClosed", {}) {}

/** Where answers go: to a person at a terminal, into a pipe, or to a program. */
export interface Output {
  /** JSON was asked for: nothing else may be written. */
  readonly json: boolean
  readonly style: Style
  /** A line can be drawn anew. */
  readonly canAnimate: boolean
  /** Characters that fit into a line. */
  readonly width: Effect.Effect<number>
  readonly lines: (lines: ReadonlyArray<string>) => Effect.Effect<void, OutputClosed>
  /** Draws the last line anew. */
  readonly redraw: (line: string) => Effect.Effect<void, OutputClosed>
  /** One JSON document, on a line of its own. */
  readonly document: (value: unknown) => Effect.Effect<void, OutputClosed>
}

const usualWidth = 80
const clearLine = "\r\u001B[2K"

/** The output of a command, as its flags and the terminal have it. */
export const output = Effect.gen(function* () {
  const terminal = yield* Terminal.Terminal
  const { canAnimate, canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const json = yield* JsonFlag
  const write = (text: string) => Effect.mapError(terminal.display(text), () => new OutputClosed())
  // A line that is being redrawn is gone when others follow it.
  let drawn = false
  const lines = (all: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      const text = `${drawn ? clearLine : ""}${all.map((line) => `${line}\n`).join("")}`
      drawn = false
      return write(text)
    })
  const made: Output = {
    json,
    style: canColor && !json ? coloured : plain,
    canAnimate: canAnimate && !json,
    width: Effect.map(terminal.columns, (columns) => columns || usualWidth),
    lines,
    redraw: (line) =>
      Effect.suspend(() => {
        drawn = true
        return write(`${clearLine}${line}`)
      }),
    document: (value) => lines([JSON.stringify(value)])
  }
  return made
})
