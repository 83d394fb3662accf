import { type ChildProcess, execFile, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { Deferred, Effect } from "effect"
import { type AccountUnavailable, ServerFailed } from "./EmbeddedPostgresError.ts"
import type { PostgresBinaries } from "./PostgresBinaries.ts"
import { notPermitted, type ServiceAccount } from "./ServiceAccount.ts"

export interface ServerOptions {
  readonly binaries: PostgresBinaries
  readonly account: ServiceAccount | undefined
  /** PGDATA. */
  readonly directory: string
  readonly port: number
  /** Server settings added to ours; a later one wins. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** A running postmaster that accepts connections. */
export interface PostgresProcess {
  readonly pid: number
  /** Completes when the process is gone, with the last it said. */
  readonly ended: Effect.Effect<string>
}

/** Nothing of ours is inherited: PGOPTIONS, PGDATA or a locale would change what the server does. */
export const serverEnvironment = (binaries: PostgresBinaries): NodeJS.ProcessEnv => ({
  ...(process.platform === "win32" && { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot }),
  ...(binaries.libraries !== undefined && { LD_LIBRARY_PATH: binaries.libraries }),
  LC_ALL: "C",
  TZ: "UTC"
})

/** A fast shutdown writes a checkpoint; past this the server is stopped at once and recovers on the next start. */
const stopWithin = "30 seconds"
const rememberedLines = 8

/** A dropped database or a stop ends sessions by order; each of them calls that fatal. */
const isAlarming = (line: string) =>
  / (PANIC|FATAL|WARNING): {2}/.test(line) && !line.includes("due to administrator command")

const settingsOf = ({ binaries, settings }: ServerOptions): Readonly<Record<string, string>> => ({
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  timezone: "UTC",
  log_timezone: "UTC",
  // Given here, ALTER SYSTEM cannot switch them off: an acknowledged message is on disk.
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  // Values of failing statements are people's messages and must not reach a log.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
  ...([".so", ".dylib", ".dll"].some((end) =>
    existsSync(join(binaries.modules, `pg_stat_statements${end}`))
  ) && {
    shared_preload_libraries: "pg_stat_statements"
  }),
  ...settings
})

/** `watch` is called before anything can have happened: a server that fails does so within milliseconds. */
const spawnServer = (options: ServerOptions, watch: (child: ChildProcess) => void) =>
  Effect.callback<ChildProcess, ServerFailed | AccountUnavailable>((resume) => {
    const settings = Object.entries(settingsOf(options)).flatMap(([name, value]) => [
      "-c",
      `${name}=${value}`
    ])
    try {
      const child = spawn(
        join(options.binaries.bin, "postgres"),
        ["-D", options.directory, "-p", String(options.port), ...settings],
        {
          cwd: "/",
          env: serverEnvironment(options.binaries),
          // In a process group of its own: Ctrl-C in a terminal must reach the service first, which then drains.
          detached: true,
          windowsHide: true,
          stdio: ["ignore", "ignore", "pipe"],
          ...(options.account && { uid: options.account.uid, gid: options.account.gid })
        }
      )
      watch(child)
      child.once("spawn", () => resume(Effect.succeed(child)))
      child.once("error", (cause) =>
        resume(Effect.fail(new ServerFailed({ program: "postgres", output: cause.message, cause })))
      )
    } catch (cause) {
      resume(Effect.fail(notPermitted(options.account, cause)))
    }
  })

/** Asks a postmaster for a fast shutdown: sessions end, everything is written. */
export const requestStop = (binaries: PostgresBinaries, directory: string, pid: number) =>
  Effect.sync(() => {
    if (process.platform === "win32") {
      // Signals do not exist there; pg_ctl speaks to the server by its own means.
      execFile(join(binaries.bin, "pg_ctl"), ["stop", "-D", directory, "-m", "fast", "-W"], {
        windowsHide: true
      })
      return
    }
    try {
      process.kill(pid, "SIGINT")
    } catch {
      // Gone already: that is what was asked for.
    }
  })

/**
 * Starts a postmaster and waits until it accepts connections. It stops with the scope. It outlives us only when we
 * are killed; `EmbeddedPostgres` deals with such orphans.
 */
export const run = Effect.fn("PostgresProcess.run")(function* (options: ServerOptions) {
  const log = Effect.runForkWith(yield* Effect.context<never>())
  const ready = yield* Deferred.make<void, ServerFailed>()
  const ended = yield* Deferred.make<string>()
  const lines: Array<string> = []
  const watch = (child: ChildProcess) => {
    const said = () => lines.join("\n")
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on("line", (line) => {
        lines.push(line)
        if (lines.length > rememberedLines) lines.shift()
        log(isAlarming(line) ? Effect.logWarning(line) : Effect.logDebug(line))
        if (line.includes("ready to accept connections")) Deferred.doneUnsafe(ready, Effect.void)
      })
    }
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      const how = `ended (${signal ?? `code ${code}`})`
      Deferred.doneUnsafe(
        ready,
        Effect.fail(new ServerFailed({ program: "postgres", output: said() || how }))
      )
      Deferred.doneUnsafe(ended, Effect.succeed(`${how}\n${said()}`))
    }
    // "close" comes when the last line has been read; but sessions of a killed postmaster can hold the pipe open.
    child.once("exit", (code, signal) => {
      const waiting = setTimeout(finish, 500, code, signal)
      child.once("close", () => {
        clearTimeout(waiting)
        finish(code, signal)
      })
    })
  }
  const stop = (child: ChildProcess) =>
    Effect.gen(function* () {
      if (child.pid === undefined || (yield* Deferred.isDone(ended))) return
      yield* requestStop(options.binaries, options.directory, child.pid)
      const inTime = yield* Effect.timeoutOption(Deferred.await(ended), stopWithin)
      if (inTime._tag === "Some") return
      yield* Effect.logWarning(`Postgres did not stop within ${stopWithin} and is stopped at once`)
      child.kill("SIGQUIT")
      yield* Deferred.await(ended)
    })
  const child = yield* Effect.acquireRelease(spawnServer(options, watch), stop)
  yield* Deferred.await(ready)
  return { pid: child.pid ?? 0, ended: Deferred.await(ended) } satisfies PostgresProcess
})
