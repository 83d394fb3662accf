import { spawn } from "node:child_process"
import { once } from "node:events"
import { Effect } from "effect"

export interface ProgramOptions {
  readonly arguments?: ReadonlyArray<string>
  /** Beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>
  /** Options for Node. */
  readonly node?: ReadonlyArray<string>
}

/** A program of this repository as a process of its own, asked to stop when the scope ends. */
export const childProgram = Effect.fn("ChildProgram.start")(function* (
  path: string,
  options: ProgramOptions = {}
) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [...(options.node ?? []), path, ...(options.arguments ?? [])], {
        env: { ...process.env, ...options.environment },
        stdio: ["ignore", "ignore", "inherit"]
      })
    ),
    (running) =>
      Effect.promise(async () => {
        if (running.exitCode !== null || running.signalCode !== null) return
        running.kill("SIGTERM")
        await once(running, "exit")
      })
  )
  const ended = Effect.callback<never, Error>((resume) => {
    child.once("exit", (code, signal) =>
      resume(Effect.fail(new Error(`${path} ended (${signal ?? `code ${code}`})`)))
    )
  })
  return { pid: child.pid ?? 0, ended }
})
