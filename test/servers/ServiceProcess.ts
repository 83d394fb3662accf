import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { type Elsewhere, systemFolders } from "@indelible/infrastructure/embedded/DataHome"
import { isPostmaster } from "@indelible/infrastructure/embedded/PostmasterFile"
import type { ServiceAccount } from "@indelible/infrastructure/embedded/ServiceAccount"
import { Effect, Schema } from "effect"

export interface ServiceOptions {
  readonly dataDir: string
  readonly elsewhere?: Elsewhere
  /** Whose process it is; ours if not given. */
  readonly account?: ServiceAccount | undefined
  /** Where the program lies; this repository if not given. */
  readonly project?: { readonly path: string; readonly node: string }
}

const Answer = Schema.fromJsonString(
  Schema.Union([
    Schema.Struct({
      url: Schema.String,
      directory: Schema.String,
      postmaster: Schema.Int,
      millis: Schema.Int
    }),
    Schema.Struct({ refused: Schema.String })
  ])
)

const repository = { path: join(import.meta.dirname, "../.."), node: process.execPath }

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit")

/** A killed service leaves its server behind; a test must not. */
const killOrphan = async (directory: string) => {
  const text = await readFile(join(directory, "postmaster.pid"), "utf8").catch(() => "")
  const pid = Number.parseInt(text, 10)
  if (pid > 0 && (await isPostmaster(pid, directory))) process.kill(pid, "SIGKILL")
}

/** Runs `EmbeddedServiceMain` and waits for its database, or fails with all it said. Killed with the scope. */
export const start = Effect.fn("ServiceProcess.start")(function* (options: ServiceOptions) {
  const { node, path } = options.project ?? repository
  const output: Array<string> = []
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(
        node,
        [
          join(path, "test/servers/EmbeddedServiceMain.ts"),
          options.dataDir,
          JSON.stringify(options.elsewhere ?? systemFolders)
        ],
        {
          cwd: "/",
          env: {},
          stdio: ["ignore", "pipe", "pipe"],
          ...(options.account && { uid: options.account.uid, gid: options.account.gid })
        }
      )
    ),
    (running) =>
      Effect.promise(async () => {
        running.kill("SIGKILL")
        await ended(running)
      })
  )
  const answer = yield* Effect.callback<typeof Answer.Type, string>((resume) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        output.push(line)
        if (line.startsWith("{")) resume(Effect.orDie(Schema.decodeUnknownEffect(Answer)(line)))
      })
    }
    child.once("error", (error) => resume(Effect.fail(error.message)))
    child.once("close", () => resume(Effect.fail(output.join("\n"))))
  })
  if ("refused" in answer) return yield* Effect.fail(answer.refused)
  yield* Effect.addFinalizer(() => Effect.promise(() => killOrphan(answer.directory)))
  const signal = (name: NodeJS.Signals) =>
    Effect.promise(async () => {
      child.kill(name)
      await ended(child)
    })
  return { ...answer, pid: child.pid, output, kill9: signal("SIGKILL"), terminate: signal("SIGTERM") }
})
