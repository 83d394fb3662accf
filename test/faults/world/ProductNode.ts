import { type ChildProcess, spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Deferred, Effect, Redacted, Schedule } from "effect"
import { ask } from "../../http/Ask.ts"
import { parseExposition } from "../../http/Exposition.ts"
import { keptPort } from "../../servers/KeptPort.ts"
import * as TestFolder from "../../servers/TestFolder.ts"
import * as FaultProxy from "../FaultProxy.ts"
import * as RedisProxy from "../RedisProxy.ts"
import * as TcpProxy from "../TcpProxy.ts"

export interface ProductNodeOptions {
  readonly name: string
  /** `packages/server/src/main.ts`, of this tree or of a copy. */
  readonly program: string
  readonly database: Redacted.Redacted
  readonly redis: Redacted.Redacted | undefined
  readonly environment: Readonly<Record<string, string>>
}

/** How a process ended: its exit code, or the signal. */
export type Ending = number | NodeJS.Signals

/** The product as a process that can be killed, on one port over all its lives, with a proxy on each of its ways. */
export interface ProductNode {
  readonly name: string
  /** Its own, past every proxy. */
  readonly origin: string
  readonly port: number
  /** Where clients come in. */
  readonly entrance: TcpProxy.TcpProxy
  /** Another one, for half of them. */
  readonly sideDoor: TcpProxy.TcpProxy
  readonly database: FaultProxy.FaultProxy
  readonly redis: RedisProxy.RedisProxy | undefined
  /** Starts it and waits until it serves. It must not be running. */
  readonly start: (variables?: Readonly<Record<string, string>>) => Effect.Effect<void, Error>
  /** It dies the n-th time that it comes to this point. */
  readonly dieAt: (point: CrashPoint, n: number) => Effect.Effect<void>
  /** It dies of no point any more. */
  readonly disarm: Effect.Effect<void>
  readonly isAlive: () => boolean
  /** Ends of its lives that nobody had asked for, since it was made. */
  readonly unasked: () => ReadonlyArray<Ending>
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => Effect.Effect<void>
  readonly kill9: Effect.Effect<void>
  /** SIGTERM, and waits until it is gone. */
  readonly terminate: Effect.Effect<Ending>
  /** Waits for the end of its present life. */
  readonly gone: Effect.Effect<Ending>
  /** A figure of its metrics, of all samples with these labels together; undefined when it does not tell. */
  readonly metric: (
    name: string,
    labels?: Readonly<Record<string, string>>
  ) => Effect.Effect<number | undefined>
  /** The last it said, for whoever has to find out what went wrong. */
  readonly said: () => ReadonlyArray<string>
}

const startWithin = "60 seconds"
const remembered = 200

const isReady = (origin: string) =>
  Effect.tryPromise(() => ask(origin, "GET", "/health/ready")).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.orElseSucceed(() => false)
  )

const metricOf = (origin: string, name: string, labels: Readonly<Record<string, string>>) =>
  Effect.tryPromise(() => ask(origin, "GET", "/metrics")).pipe(
    Effect.map(({ text }) =>
      parseExposition(text)
        .get(name)
        ?.samples.filter((sample) =>
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
        )
        .reduce((sum, { value }) => sum + value, 0)
    ),
    Effect.orElseSucceed(() => undefined)
  )

export const make = Effect.fn("ProductNode.make")(function* (options: ProductNodeOptions) {
  const { environment, name, program } = options
  const dataDir = yield* TestFolder.make
  const crashFile = join(dataDir, "crash-point")
  const port = yield* keptPort
  const origin = `http://127.0.0.1:${port}`
  const entrance = yield* TcpProxy.make({ port })
  const sideDoor = yield* TcpProxy.make({ port })
  // Appends go over connections of their own.
  const database = yield* FaultProxy.make(options.database, { callers: / lane / })
  const redis = options.redis === undefined ? undefined : yield* RedisProxy.make(options.redis)
  const said: Array<string> = []
  let child: ChildProcess | undefined
  let gone = Deferred.makeUnsafe<Ending>()
  let askedToEnd = false
  const unasked: Array<Ending> = []

  const spawned = (variables: Readonly<Record<string, string>>) =>
    Effect.sync(() => {
      const running = spawn(process.execPath, [program], {
        cwd: dataDir,
        env: {
          ...environment,
          DATABASE_URL: Redacted.value(database.url),
          ...(redis !== undefined && { REDIS_URL: Redacted.value(redis.url) }),
          DATA_DIR: dataDir,
          INDELIBLE_CRASH_FILE: crashFile,
          NODE_NAME: name,
          PORT: String(port),
          ...variables
        },
        stdio: ["ignore", "pipe", "pipe"]
      })
      // By this the next run finds it when this one was killed.
      if (running.pid !== undefined) writeFileSync(join(dataDir, "node.pid"), String(running.pid))
      // Whatever becomes of this process.
      const killed = () => running.kill("SIGKILL")
      process.once("exit", killed)
      const ending = Deferred.makeUnsafe<Ending>()
      for (const stream of [running.stdout, running.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          said.push(line)
          if (said.length > remembered) said.shift()
        })
      }
      running.once("exit", (code, signal) => {
        process.off("exit", killed)
        child = undefined
        const how = signal ?? code ?? 0
        if (!askedToEnd) unasked.push(how)
        Deferred.doneUnsafe(ending, Effect.succeed(how))
      })
      child = running
      askedToEnd = false
      gone = ending
      return ending
    })

  const start = Effect.fn("ProductNode.start")(function* (variables: Readonly<Record<string, string>> = {}) {
    if (child !== undefined) return yield* Effect.die(new Error(`${name} runs already`))
    const ending = yield* spawned(variables)
    const serves = Effect.repeat(isReady(origin), {
      until: (ready) => ready,
      schedule: Schedule.spaced("25 millis")
    })
    const ended = Effect.flatMap(Deferred.await(ending), (how) =>
      Effect.fail(new Error(`${name} ended (${how}) before it served\n${said.slice(-20).join("\n")}`))
    )
    yield* Effect.raceFirst(serves, ended).pipe(
      Effect.timeoutOrElse({
        duration: startWithin,
        orElse: () => Effect.fail(new Error(`${name} does not serve\n${said.slice(-20).join("\n")}`))
      })
    )
  })

  const kill = (how: NodeJS.Signals) =>
    Effect.suspend(() => {
      if (child === undefined) return Effect.die(new Error(`${name} does not run`))
      askedToEnd = true
      child.kill(how)
      return Deferred.await(gone)
    })
  yield* Effect.addFinalizer(() => (child === undefined ? Effect.void : kill("SIGKILL")))

  return {
    name,
    origin,
    port,
    entrance,
    sideDoor,
    database,
    redis,
    start,
    dieAt: (point, n) =>
      Effect.andThen(
        Effect.sync(() => {
          askedToEnd = true
        }),
        Effect.promise(() => writeFile(crashFile, `${point}:${n}`))
      ),
    disarm: Effect.andThen(
      Effect.promise(() => rm(crashFile, { force: true })),
      Effect.sync(() => {
        askedToEnd = false
      })
    ),
    isAlive: () => child !== undefined,
    unasked: () => unasked,
    signal: (signal) => Effect.sync(() => void child?.kill(signal)),
    kill9: Effect.asVoid(kill("SIGKILL")),
    terminate: kill("SIGTERM"),
    gone: Effect.suspend(() => Deferred.await(gone)),
    metric: (metric, labels = {}) => metricOf(origin, metric, labels),
    said: () => said
  } satisfies ProductNode
})
