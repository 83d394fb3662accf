import { Effect } from "effect"
import type { Attempt, Command } from "./History.ts"
import type { WriterProcess } from "./WriterProcess.ts"

/** Longer than any outage of these tests and all that may follow it. */
const patience = "25 seconds"

/** One that is alive, chosen anew for every attempt; waits while there is none. */
export const living = (
  candidates: () => ReadonlyArray<WriterProcess>,
  choose: (from: readonly [WriterProcess, ...ReadonlyArray<WriterProcess>]) => WriterProcess
): Effect.Effect<WriterProcess> =>
  Effect.suspend(() => {
    const [first, ...others] = candidates().filter(({ isAlive }) => isAlive())
    return first === undefined
      ? Effect.delay(living(candidates, choose), "10 millis")
      : Effect.succeed(choose([first, ...others]))
  })

/**
 * A client as the protocol wants it: sends the same command until it is ok, each time to the process that `next` names,
 * and writes every attempt down. One that `believes` takes a refusal at its word and gives up, unless it was in doubt
 * before: then its command must not be in the log. One that does not settle is a broken promise.
 */
export const insist = (
  command: Command,
  next: Effect.Effect<WriterProcess>,
  attempts: Array<Attempt>,
  believes: boolean
): Effect.Effect<Attempt> =>
  Effect.gen(function* () {
    let inDoubt = false
    for (;;) {
      const attempt = yield* (yield* next).send(command)
      attempts.push(attempt)
      if (attempt.outcome._tag === "Ok") return attempt
      inDoubt ||= attempt.outcome._tag === "Unknown"
      yield* Effect.sleep("30 millis")
      if (believes && !inDoubt) return attempt
    }
  }).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.die(new Error(`${command.commandId} did not settle in ${patience}`))
    })
  )
