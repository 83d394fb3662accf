import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { Effect, Schedule } from "effect"
import * as AptPackages from "./AptPackages.ts"

/** Redis or Valkey as a program that tests can start. */
export interface RedisPrograms {
  readonly server: string
  /** LD_LIBRARY_PATH that it needs. */
  readonly libraries?: string
}

const execute = promisify(execFile)

/** Sharded publish and subscribe came with it. */
const oldestMajor = 7

const usable = (programs: RedisPrograms) =>
  Effect.tryPromise({
    try: () =>
      execute(programs.server, ["--version"], {
        env: { ...process.env, ...(programs.libraries && { LD_LIBRARY_PATH: programs.libraries }) }
      }),
    catch: () => `${programs.server} does not run here`
  }).pipe(
    Effect.flatMap(({ stdout }) => {
      const major = Number(/v=(\d+)/.exec(stdout)?.[1])
      return major >= oldestMajor
        ? Effect.succeed(programs)
        : Effect.fail(`${programs.server} is too old: ${stdout.trim()}`)
    })
  )

const fromApt = AptPackages.unpacked("redis-server").pipe(
  Effect.flatMap(({ libraries, root }) => usable({ server: join(root, "usr/bin/redis-server"), libraries })),
  // Several test processes may ask apt at once.
  Effect.retry({ times: 2, schedule: Schedule.spaced("1 second") })
)

const locate = Effect.firstSuccessOf([
  usable({ server: "redis-server" }),
  usable({ server: "valkey-server" }),
  fromApt
])

/** A Redis that was given to us: for tests that do not need one of their own. */
export const givenRedis = process.env.TEST_REDIS_URL

/**
 * The programs of this machine, else Debian's, unpacked into a cache; undefined where neither can be had. CI must be
 * able to. Looked for when a test file that needs Redis is loaded, so that no other run waits for it.
 */
export const redisPrograms: RedisPrograms | undefined = await Effect.runPromise(
  Effect.catch(locate, (reason) => {
    if (process.env.CI === "true" && givenRedis === undefined) {
      return Effect.die(new Error(`No Redis for the tests: ${reason}`))
    }
    console.warn(`Tests on a Redis of their own are skipped: ${reason}`)
    return Effect.undefined
  })
)
