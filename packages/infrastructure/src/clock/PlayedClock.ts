import { Clock, Context, Effect, Layer, Option } from "effect"
import * as TokenSource from "../jwt/TokenSource.ts"

/** How long a time that was set holds without being set again: whoever set it may have been killed. */
const heldFor = 30_000_000_000n

/**
 * A clock that may be set into the past, for whoever plays months within seconds. It runs on from the time it was set to;
 * after 30 s in which it was not set again it tells the real time.
 */
export class PlayedClock {
  readonly #real: Clock.Clock
  #offset = 0
  #until = 0n
  #skipped = 0n

  constructor(real: Clock.Clock) {
    this.#real = real
  }

  /** @param at milliseconds since 1970, not later than now; null: the real time again */
  set(at: number | null): void {
    const before = this.#millis()
    this.#until = at === null ? 0n : this.#real.monotonicTimeNanosUnsafe() + heldFor
    this.#offset = at === null ? 0 : at - this.#real.currentTimeMillisUnsafe()
    const forward = Math.max(0, Math.trunc(this.#millis() - before))
    this.#skipped += BigInt(forward) * 1_000_000n
  }

  /** As the record is to tell it. What is slept and measured is real. */
  readonly told: Clock.Clock = this.#clock({
    millis: () => this.#millis(),
    nanos: () => this.#real.monotonicTimeNanosUnsafe()
  })

  /** By which as much time has passed as was played: for what counts in an hour. Never goes back. */
  readonly passed: Clock.Clock = this.#clock({
    millis: () => this.#millis(),
    nanos: () => this.#real.monotonicTimeNanosUnsafe() + this.#skipped
  })

  #millis(): number {
    const real = this.#real.currentTimeMillisUnsafe()
    return this.#real.monotonicTimeNanosUnsafe() < this.#until ? real + this.#offset : real
  }

  #clock({ millis, nanos }: { readonly millis: () => number; readonly nanos: () => bigint }): Clock.Clock {
    const wallNanos = () => BigInt(Math.trunc(millis())) * 1_000_000n
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: wallNanos,
      currentTimeNanos: Effect.sync(wallNanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => this.#real.sleep(duration)
    }
  }
}

/** The clock that may be set, where development sign-in is; none as soon as real tokens are configured. */
export class DevelopmentClock extends Context.Service<DevelopmentClock, Option.Option<PlayedClock>>()(
  "@indelible/infrastructure/clock/DevelopmentClock"
) {}

export const layer = Layer.effect(
  DevelopmentClock,
  Effect.gen(function* () {
    const source = yield* TokenSource.fromConfig
    const real = yield* Clock.Clock
    return source._tag === "Development" ? Option.some(new PlayedClock(real)) : Option.none()
  })
)

/** The clock of whatever writes the record: a time that is played is told there and nowhere else. */
export const told = Layer.effect(
  Clock.Clock,
  Effect.gen(function* () {
    const real = yield* Clock.Clock
    return Option.match(yield* DevelopmentClock, { onNone: () => real, onSome: (clock) => clock.told })
  })
)
