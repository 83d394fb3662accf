import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

const server = join(import.meta.dirname, "../../server")

/** A service in development with the demo's people and their conversations. */
export interface FilledService {
  readonly origin: string
  readonly stop: () => Promise<void>
}

const announced = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error("its output is not to be read")
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, origin] = /^ {2}messenger {3}(\S+)\/$/.exec(line) ?? []
      if (origin !== undefined) resolve(origin)
    })
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}`)))
  })

const fill = async (origin: string) => {
  const child = spawn(process.execPath, [join(server, "demo/demo.ts"), "--json"], {
    env: { ...process.env, INDELIBLE_URL: origin },
    stdio: ["ignore", "ignore", "inherit"]
  })
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`the demo ended with ${code}`)
}

/** The one at `INDELIBLE_URL`, as it is, or one that is started and filled here and is gone afterwards. */
export const filledService = async (): Promise<FilledService> => {
  const given = process.env.INDELIBLE_URL
  if (given !== undefined) return { origin: new URL(given).origin, stop: async () => {} }
  const dataDir = mkdtempSync(join(tmpdir(), "indelible-size-"))
  const child = spawn(process.execPath, [join(server, "src/main.ts")], {
    env: { PATH: process.env.PATH, PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "Warn" },
    stdio: ["ignore", "pipe", "inherit"]
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit")
      child.kill("SIGTERM")
      await ended
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const origin = await announced(child)
    await fill(origin)
    return { origin, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
