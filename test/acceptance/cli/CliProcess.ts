import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

const project = join(import.meta.dirname, "../../..")
const main = join(project, "packages/server/src/cli/main.ts")

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()

/** For after a file: a test that fails may leave one that waits for ever. */
export const killAll = () => {
  for (const child of running) child.kill("SIGKILL")
}

/** Starts any program with nothing of ours in its environment but what is given. */
export const spawned = (
  command: ReadonlyArray<string>,
  variables: Readonly<Record<string, string>>,
  cwd = project
) => {
  const [program = "", ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...variables },
    stdio: ["ignore", "pipe", "pipe"]
  })
  running.add(child)
  const said = { stdout: "", stderr: "" }
  child.stdout.on("data", (chunk: Buffer) => {
    said.stdout += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    said.stderr += chunk.toString()
  })
  const ended = once(child, "close").then(([code, signal]): Ended => {
    running.delete(child)
    return { status: signal === null ? Number(code) : -1, ...said }
  })
  /** Waits until it has written this. */
  const written = async (text: string | RegExp) => {
    while (!(typeof text === "string" ? said.stdout.includes(text) : text.test(said.stdout))) {
      const more = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)])
      if (!more) throw new Error(`it ended without writing ${text}: ${said.stdout}${said.stderr}`)
    }
  }
  return { child, ended, said, written }
}

/** Starts `indelible` with these arguments. */
export const start = (args: ReadonlyArray<string>, variables: Readonly<Record<string, string>>) =>
  spawned([process.execPath, main, ...args], variables)

/** Runs it to its end. */
export const run = (args: ReadonlyArray<string>, variables: Readonly<Record<string, string>>) =>
  start(args, variables).ended
