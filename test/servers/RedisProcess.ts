import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { Effect } from "effect"
import type { RedisPrograms } from "./RedisPrograms.ts"

export interface RedisProcessOptions {
  /** Where it works. Nothing is kept there. */
  readonly folder: string
  readonly port: number
  /** Configuration beside ours, such as `--requirepass secret`. */
  readonly settings?: ReadonlyArray<string>
  /** The line of its log that says that it does what it is for. */
  readonly ready?: string
}

/** A server that answers. */
export interface RedisProcess {
  readonly pid: number
  /** SIGKILL, and waits until it is gone. */
  readonly kill9: Effect.Effect<void>
  /** Writes nothing and waits until it is gone. */
  readonly stop: Effect.Effect<void>
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit")

const signal = (child: ChildProcess, name: NodeJS.Signals) =>
  Effect.promise(async () => {
    child.kill(name)
    await ended(child)
  })

/** Starts a server and waits until it accepts connections; fails with all it said. It is not bound to a scope. */
export const run = (
  { libraries, server }: RedisPrograms,
  { folder, port, ready = "Ready to accept connections", settings = [] }: RedisProcessOptions
) =>
  Effect.callback<RedisProcess, Error>((resume) => {
    const output: Array<string> = []
    const usual = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    // TestFolder finds by the pid file what a killed test run left.
    const places = ["--dir", folder, "--pidfile", `${folder}/redis.pid`, "--daemonize", "no"]
    const child = spawn(server, [...usual, ...places, ...settings], {
      cwd: folder,
      env: { LC_ALL: "C", ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
      stdio: ["ignore", "pipe", "pipe"]
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (output.length < 50) output.push(line)
        if (!line.includes(ready) || child.pid === undefined) return
        const kill9 = signal(child, "SIGKILL")
        resume(Effect.succeed({ pid: child.pid, kill9, stop: signal(child, "SIGTERM") }))
      })
    }
    child.once("error", (cause) => resume(Effect.fail(cause)))
    child.once("close", () => resume(Effect.fail(new Error(output.join("\n")))))
    return Effect.sync(() => child.kill("SIGKILL"))
  })
