import { spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Deferred, Effect, Redacted, Schema } from "effect"
import { type Attempt, type Command, now } from "./History.ts"
import { Line, Request } from "./WriterProtocol.ts"

export interface WriterOptions {
  readonly url: Redacted.Redacted
  /** Also its name in `pg_stat_activity`. */
  readonly name: string
  /** Where it is to die. */
  readonly crashPoint?: CrashPoint
}

/** A running `WriterMain`. */
export interface WriterProcess {
  readonly name: string
  /** Sends one command and waits for its end: an answer, or the end of the process. */
  readonly send: (command: Command) => Effect.Effect<Attempt>
  /** False from the moment that its end is known. */
  readonly isAlive: () => boolean
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => void
  /** SIGKILL; ends when it is gone and all that it answered before has been read. */
  readonly kill9: Effect.Effect<void>
  /** Completes when it is gone, with the signal or the code. */
  readonly gone: Effect.Effect<string>
  /** What it did beside answering each call once: must stay empty. */
  readonly strays: ReadonlyArray<string>
  readonly stderr: ReadonlyArray<string>
}

interface Call {
  readonly command: Command
  readonly began: number
  readonly settle: (attempt: Attempt) => void
}

const main = join(import.meta.dirname, "WriterMain.ts")

const run = ({ crashPoint, name, url }: WriterOptions) =>
  spawn(process.execPath, [main], {
    env: {
      DATABASE_URL: Redacted.value(url),
      NODE_NAME: name,
      ...(crashPoint !== undefined && { INDELIBLE_CRASH_POINT: crashPoint })
    },
    stdio: ["pipe", "pipe", "pipe"]
  })

/** Starts a writer and waits until it takes commands, or fails with what it said. Killed with the scope. */
export const start = Effect.fn("WriterProcess.start")(function* (options: WriterOptions) {
  const { name } = options
  const ready = yield* Deferred.make<void, string>()
  const gone = yield* Deferred.make<string>()
  const calls = new Map<number, Call>()
  const strays: Array<string> = []
  const stderr: Array<string> = []
  let alive = true
  let closed = false
  let nextCall = 1

  const hear = (text: string) => {
    const line = Schema.decodeSync(Line)(text)
    if ("ready" in line) {
      Deferred.doneUnsafe(ready, Effect.void)
      return
    }
    const { began, ended, outcome } = line
    const call = calls.get(line.call)
    calls.delete(line.call)
    if (call === undefined) strays.push(`answered call ${line.call} again`)
    else call.settle({ ...call.command, process: name, began, ended, outcome })
  }

  const endWithoutAnswer = ({ began, command, settle }: Call) =>
    settle({
      ...command,
      process: name,
      began,
      ended: Number.POSITIVE_INFINITY,
      outcome: { _tag: "Unknown", error: "process ended" }
    })

  const child = yield* Effect.acquireRelease(
    Effect.sync(() => run(options)),
    (running) =>
      Effect.suspend(() => {
        running.kill("SIGKILL")
        return Effect.asVoid(Deferred.await(gone))
      })
  )
  createInterface({ input: child.stdout }).on("line", hear)
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line))
  // Writing to one that is just gone: its end is told by "close".
  child.stdin.on("error", () => {})
  child.once("exit", () => {
    alive = false
  })
  child.once("error", (error) => strays.push(error.message))
  // Not "exit": what it answered before its end must be read first.
  child.once("close", (code, signal) => {
    alive = false
    Deferred.doneUnsafe(ready, Effect.fail([`${name} did not start`, ...strays, ...stderr].join("\n")))
    for (const call of calls.values()) endWithoutAnswer(call)
    calls.clear()
    closed = true
    Deferred.doneUnsafe(gone, Effect.succeed(signal ?? `code ${code}`))
  })

  const send = (command: Command) =>
    Effect.callback<Attempt>((resume) => {
      const settle = (attempt: Attempt) => resume(Effect.succeed(attempt))
      const began = now()
      if (closed) {
        endWithoutAnswer({ command, began, settle })
        return
      }
      const call = nextCall++
      calls.set(call, { command, began, settle })
      const { actor, commandId, stream, text } = command
      child.stdin.write(`${Schema.encodeSync(Request)({ call, actor, commandId, stream, text })}\n`)
    })

  yield* Deferred.await(ready)
  return {
    name,
    send,
    isAlive: () => alive,
    signal: (which) => child.kill(which),
    kill9: Effect.suspend(() => {
      child.kill("SIGKILL")
      return Effect.asVoid(Deferred.await(gone))
    }),
    gone: Deferred.await(gone),
    strays,
    stderr
  } satisfies WriterProcess
})
