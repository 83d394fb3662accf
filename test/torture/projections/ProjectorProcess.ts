import { spawn } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { Deferred, Effect, Redacted } from "effect"

export interface ProjectorOptions {
  readonly url: Redacted.Redacted
  /** Also its name in `pg_stat_activity`. */
  readonly name: string
  /** A conversation in whose first page it freezes, rows written and nothing committed. */
  readonly freezeIn?: string
}

/** A running `ProjectorMain`. */
export interface ProjectorProcess {
  readonly name: string
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => void
  /** SIGKILL; ends when it is gone. */
  readonly kill9: Effect.Effect<void>
  /** Whether the system has stopped it. */
  readonly isStopped: Effect.Effect<boolean>
  readonly stderr: ReadonlyArray<string>
}

const main = join(import.meta.dirname, "ProjectorMain.ts")

/** Starts one and waits until it works, or fails with what it said. Killed with the scope. */
export const start = Effect.fn("ProjectorProcess.start")(function* ({
  freezeIn,
  name,
  url
}: ProjectorOptions) {
  const ready = yield* Deferred.make<void, string>()
  const gone = yield* Deferred.make<void>()
  const stderr: Array<string> = []
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [main], {
        env: {
          DATABASE_URL: Redacted.value(url),
          NODE_NAME: name,
          ...(freezeIn !== undefined && { FREEZE_IN: freezeIn })
        },
        stdio: ["pipe", "pipe", "pipe"]
      })
    ),
    (running) =>
      Effect.suspend(() => {
        running.kill("SIGKILL")
        return Deferred.await(gone)
      })
  )
  createInterface({ input: child.stdout }).once("line", () => Deferred.doneUnsafe(ready, Effect.void))
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line))
  child.stdin.on("error", () => {})
  child.once("exit", () => {
    Deferred.doneUnsafe(ready, Effect.fail([`${name} did not start`, ...stderr].join("\n")))
    Deferred.doneUnsafe(gone, Effect.void)
  })
  yield* Deferred.await(ready)
  return {
    name,
    signal: (which) => child.kill(which),
    kill9: Effect.suspend(() => {
      child.kill("SIGKILL")
      return Deferred.await(gone)
    }),
    isStopped: Effect.promise(() =>
      readFile(`/proc/${child.pid}/stat`, "utf8").then((stat) => stat.includes(") T "))
    ),
    stderr
  } satisfies ProjectorProcess
})
