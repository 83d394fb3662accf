import { Effect, Redacted } from "effect"
import { keptPort } from "./KeptPort.ts"
import type { RedisProcess } from "./RedisProcess.ts"
import * as Process from "./RedisProcess.ts"
import { redisPrograms } from "./RedisPrograms.ts"
import * as TestFolder from "./TestFolder.ts"

/** A server that one test has for itself and may kill. The port stays the same over all its lives; it keeps no data. */
export interface RedisServer {
  readonly port: number
  readonly url: Redacted.Redacted
  /** Starts it empty and waits until it accepts connections. It must not be running. */
  readonly start: Effect.Effect<void, Error>
  readonly stop: Effect.Effect<void>
  /** SIGKILL. */
  readonly kill9: Effect.Effect<void>
  /** `kill9`, then `start`: everything that was in it is gone. */
  readonly restart: Effect.Effect<void, Error>
  /** SIGSTOP and SIGCONT: connections stay, nobody answers. */
  readonly freeze: Effect.Effect<void>
  readonly thaw: Effect.Effect<void>
}

export interface RedisServerOptions {
  readonly password?: string
  readonly settings?: ReadonlyArray<string>
}

/** Gives a place; call `start`. Everything goes with the scope. */
export const make = Effect.fn("RedisServer.make")(function* ({
  password,
  settings = []
}: RedisServerOptions = {}) {
  const programs = redisPrograms
  if (programs === undefined) {
    return yield* Effect.die(new Error("There are no programs of Redis here; ask redisPrograms first"))
  }
  const folder = yield* TestFolder.make
  const port = yield* keptPort
  const secret = password === undefined ? [] : ["--requirepass", password]
  let life: RedisProcess | undefined

  const start = Effect.gen(function* () {
    if (life !== undefined) return yield* Effect.die(new Error("It runs already"))
    life = yield* Process.run(programs, { folder, port, settings: [...secret, ...settings] })
  })
  const end = (how: "stop" | "kill9") =>
    Effect.suspend(() => {
      const running = life
      life = undefined
      return running === undefined ? Effect.void : running[how]
    })
  const signal = (name: NodeJS.Signals) =>
    Effect.sync(() => {
      if (life !== undefined) process.kill(life.pid, name)
    })

  const kill9 = end("kill9")
  yield* Effect.addFinalizer(() => kill9)
  return {
    port,
    url: Redacted.make(`redis://${password === undefined ? "" : `:${password}@`}127.0.0.1:${port}`),
    start,
    stop: end("stop"),
    kill9,
    restart: Effect.andThen(kill9, start),
    freeze: signal("SIGSTOP"),
    thaw: signal("SIGCONT")
  } satisfies RedisServer
})
