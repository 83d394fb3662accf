import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { freePort } from "@indelible/infrastructure/embedded/FreePort"
import { Effect, Schedule } from "effect"
import { ask } from "../http/Ask.ts"

const product = join(import.meta.dirname, "../../packages/server/src/main.ts")

/**
 * A node as a process of its own that a test can kill. It is gone with the scope.
 *
 * @param program the product, unless a test has a reason
 */
export const start = Effect.fn("NodeProcess.start")(function* (
  variables: Readonly<Record<string, string>>,
  program = product
) {
  const port = variables.PORT === undefined ? yield* freePort : Number(variables.PORT)
  const output: Array<string> = []
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program], {
        env: { PORT: String(port), LOG_LEVEL: "Warn", ...variables },
        stdio: ["ignore", "pipe", "pipe"]
      })
    ),
    (running) =>
      Effect.promise(async () => {
        if (running.exitCode !== null || running.signalCode !== null) return
        running.kill("SIGKILL")
        await once(running, "exit")
      })
  )
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()))
  }
  const origin = `http://127.0.0.1:${port}`
  const isReady = Effect.tryPromise(() => ask(origin, "GET", "/health/ready")).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.orElseSucceed(() => false)
  )
  const ended = Effect.promise(() => once(child, "exit")).pipe(
    Effect.andThen(Effect.suspend(() => Effect.fail(new Error(output.join("")))))
  )
  yield* Effect.raceFirst(
    Effect.repeat(isReady, { until: (ready) => ready, schedule: Schedule.spaced("50 millis") }),
    ended
  ).pipe(Effect.timeout("60 seconds"))
  return {
    port,
    origin,
    kill9: Effect.promise(async () => {
      const gone = once(child, "exit")
      child.kill("SIGKILL")
      await gone
    })
  }
})
