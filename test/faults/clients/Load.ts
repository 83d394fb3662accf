import { Effect, Fiber, Latch } from "effect"
import type { Seed } from "../../torture/Seed.ts"
import { newMessage } from "./Message.ts"
import { send } from "./Outbox.ts"
import type { Sender } from "./Sender.ts"

export interface LoadOptions {
  readonly senders: ReadonlyArray<Sender>
  readonly seed: Seed
  /** Messages, all senders together. */
  readonly perSecond: number
}

/** Milliseconds, exponentially distributed: senders who know nothing of each other. */
const pause = (mean: number, seed: Seed) => -Math.log(1 - seed.random()) * mean

/** Everybody sends now and then, one message after the other, until `stop`; each then settles its last one. */
export const start = Effect.fn("Load.start")(function* ({ perSecond, seed, senders }: LoadOptions) {
  const mean = (senders.length * 1_000) / perSecond
  const stopped = Latch.makeUnsafe(false)
  const wait = (millis: number) => Effect.raceFirst(Effect.sleep(millis), stopped.await)
  const work = Effect.fnUntraced(function* (sender: Sender) {
    const [first, ...others] = sender.person.conversations
    if (first === undefined) return
    yield* wait(seed.random() * mean)
    while (!Latch.isOpen(stopped)) {
      yield* send(sender, newMessage(seed, seed.pick([first, ...others])), seed)
      yield* wait(pause(mean, seed))
    }
  })
  const working = yield* Effect.forkScoped(
    Effect.forEach(senders, work, { concurrency: "unbounded", discard: true })
  )
  return {
    /** Ends when all is settled. */
    stop: Effect.suspend(() => {
      stopped.openUnsafe()
      return Fiber.join(working)
    })
  }
})
