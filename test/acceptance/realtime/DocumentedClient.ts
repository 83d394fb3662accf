import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8")
const [, program = ""] = /## A whole client[\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? []

/** The client of `docs/protocol.md`, as its reader would run it. */
export class DocumentedClient {
  readonly told: Array<{ readonly type: string; readonly pos: number; readonly text?: string }> = []
  readonly #child: ChildProcess

  constructor(url: string, token: string) {
    const child = spawn(process.execPath, ["--input-type=module", "-", url, token], {
      stdio: ["pipe", "pipe", "inherit"]
    })
    child.stdin.end(program)
    createInterface({ input: child.stdout }).on("line", (line) => this.told.push(JSON.parse(line)))
    this.#child = child
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit")
    this.#child.kill("SIGKILL")
    await ended
  }
}
