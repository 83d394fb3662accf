import { Effect } from "effect"
import type { Seed } from "../../torture/Seed.ts"
import type { Message } from "./Message.ts"
import type { Attempted } from "./Outcome.ts"
import type { Sender } from "./Sender.ts"

/** Retries by itself; then it shows the message as failed, and somebody taps on it a while later. */
const byItself = 3
const shortest = 100
const longest = 2_000
const tappedAfter = 1_000

const waitAfter = (attempts: number, seed: Seed) =>
  attempts > byItself
    ? tappedAfter + seed.below(1_000)
    : seed.random() * Math.min(longest, shortest * 2 ** attempts)

/**
 * Sends a message until it is known what became of it, with the same id each time.
 *
 * @param givesUp whether a refusal is taken for the end: a message that nobody may find afterwards
 */
export const insist = Effect.fn("Outbox.insist")(function* (
  attempt: Effect.Effect<Attempted>,
  connected: Effect.Effect<void>,
  seed: Seed,
  givesUp: boolean
) {
  let doubtful = false
  for (let attempts = 1; ; attempts++) {
    yield* connected
    const outcome = yield* attempt
    if (outcome.phase === "ok") return outcome
    doubtful ||= outcome.phase === "info"
    if (givesUp && !doubtful) return outcome
    yield* Effect.sleep(waitAfter(attempts, seed))
  }
})

/** The same for a sender's message. */
export const send = (sender: Sender, message: Message, seed: Seed) =>
  insist(sender.attempt(message), sender.connected, seed, seed.below(2) === 0)
