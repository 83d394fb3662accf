import { randomUUID } from "node:crypto"
import { Effect, Fiber, Schedule } from "effect"
import type { Seed } from "../Seed.ts"
import type { Attempt } from "./History.ts"
import { insist } from "./Insistent.ts"
import { newNote } from "./Note.ts"
import type { WriterProcess } from "./WriterProcess.ts"

export interface LoadOptions {
  readonly seed: Seed
  /** Clients at work, each with one command on its way. */
  readonly clients: number
  readonly streams: readonly [string, ...ReadonlyArray<string>]
  /** Where a client sends its next attempt. */
  readonly next: (client: number) => Effect.Effect<WriterProcess>
  /** Everything that clients did and were told. */
  readonly attempts: Array<Attempt>
}

/**
 * Clients that write one note after the other until `stop`; each then settles its last one. Half of the notes are
 * given up once they are refused.
 */
export const start = Effect.fn("Load.start")(function* (options: LoadOptions) {
  const { attempts, clients, next, seed, streams } = options
  let stopped = false
  const client = Effect.fnUntraced(function* (_: unknown, number: number) {
    const actor = randomUUID()
    while (!stopped) {
      const note = newNote(seed, seed.pick(streams), actor)
      yield* insist(note, next(number), attempts, seed.below(2) === 0)
    }
  })
  const working = yield* Effect.forkScoped(
    Effect.forEach(Array.from({ length: clients }), client, { concurrency: "unbounded", discard: true })
  )
  return {
    stop: Effect.suspend(() => {
      stopped = true
      return Fiber.join(working)
    })
  }
})

/** Looks every 10 ms whether it is so; fails after `within` milliseconds. */
export const until = (what: string, within: number, isSo: () => boolean) =>
  Effect.sync(isSo).pipe(
    Effect.repeat({ until: (so) => so, schedule: Schedule.spaced("10 millis") }),
    Effect.timeoutOrElse({
      duration: within,
      orElse: () => Effect.die(new Error(`not within ${within} ms: ${what}`))
    })
  )

/** Commands that became ok between two moments, per second. */
export const rate = (attempts: ReadonlyArray<Attempt>, from: number, to: number) => {
  let ok = 0
  // From the end: attempts are written down as they end.
  for (let i = attempts.length - 1; i >= 0; i--) {
    const attempt = attempts[i]
    if (attempt === undefined || attempt.ended < from - 1_000) break
    if (attempt.outcome._tag === "Ok" && attempt.ended >= from && attempt.ended < to) ok += 1
  }
  return (ok * 1000) / (to - from)
}
