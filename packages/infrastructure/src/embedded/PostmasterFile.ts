import { execFile } from "node:child_process"
import { readFile, realpath, rm } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { Effect } from "effect"
import { DataUnusable } from "./EmbeddedPostgresError.ts"

/** A server that runs on a data folder, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** Milliseconds since 1970, in whole seconds. */
  readonly startedAt: number
}

/** Lines 1 pid, 2 data folder, 3 start in seconds, 4 port (documented in pidfile.h of Postgres). */
const parse = (text: string) => {
  const [pid, , startedAt, port] = text.split("\n").map(Number)
  return pid && startedAt && port ? { pid, port, startedAt: startedAt * 1000 } : undefined
}

const read = (directory: string) =>
  readFile(join(directory, "postmaster.pid"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return ""
    throw error
  })

const run = promisify(execFile)

/** The command line of a process; empty when there is none, or it ended and nobody has collected it. */
const commandLine = async (pid: number): Promise<string> => {
  const nothing = () => ""
  if (process.platform === "linux") return readFile(`/proc/${pid}/cmdline`, "utf8").catch(nothing)
  const [program, ...args] =
    process.platform === "win32"
      ? [
          "powershell",
          "-NoProfile",
          "-Command",
          `(Get-CimInstance Win32_Process -Filter ProcessId=${pid}).CommandLine`
        ]
      : ["ps", "-ww", "-o", "command=", "-p", String(pid)]
  return run(program ?? "", args, { windowsHide: true }).then(({ stdout }) => stdout, nothing)
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** Whether `pid` is a postmaster on `directory`. Numbers are given out again, so a number alone proves nothing. */
export const isPostmaster = async (pid: number, directory: string): Promise<boolean> => {
  const command = await commandLine(pid)
  return /[/\\]postgres(\.exe)?["\0\s]/.test(command) && command.includes(await realpath(directory))
}

const unreadable = (directory: string) => (cause: unknown) =>
  new DataUnusable({ path: directory, detail: "its postmaster.pid cannot be read", cause })

/** The server that runs on `directory`, if one does. Only looks. */
export const running = (directory: string) =>
  Effect.tryPromise({
    try: async () => {
      const found = parse(await read(directory))
      return found !== undefined && (await isPostmaster(found.pid, directory)) ? found : undefined
    },
    catch: unreadable(directory)
  })

/**
 * The server that runs on `directory`, if one does. A file that names a process of another program is removed:
 * Postgres, which looks at the number alone, would refuse to start beside it for ever. (Should a server start between
 * our look and the removal, the shared memory it holds under the folder's identity keeps a second one out.)
 */
export const findRunning = (directory: string) =>
  Effect.tryPromise({
    try: async () => {
      const text = await read(directory)
      const found = parse(text)
      if (found === undefined) return undefined
      if (await isPostmaster(found.pid, directory)) return found
      if (isAlive(found.pid) && (await read(directory)) === text)
        await rm(join(directory, "postmaster.pid"), { force: true })
      return undefined
    },
    catch: unreadable(directory)
  })
