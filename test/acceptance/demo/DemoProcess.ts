import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { text } from "node:stream/consumers"

const program = join(import.meta.dirname, "../../../packages/server/demo/demo.ts")

export interface DemoOutcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `npm run demo -- --check` as a process of its own, its output in pipes. */
export const run = async (url: string, ...args: ReadonlyArray<string>): Promise<DemoOutcome> => {
  const child = spawn(process.execPath, [program, "--check", ...args], {
    env: { INDELIBLE_URL: url },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  return { exitCode: child.exitCode, stdout, stderr }
}
