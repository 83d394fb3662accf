import type { TypingSignal } from "./TypingHere.ts"
import { type TypingPlace, typingKey } from "./TypingPlace.ts"

/** Milliseconds that a signal may be late: the one that ends it should come before this node ends it by itself. */
const patience = 500

interface Shown extends TypingPlace {
  readonly until: number
}

/**
 * The typing that sockets of this node were told of, so that it ends even when the node on which somebody types dies.
 * Times are milliseconds of a clock that nobody sets.
 */
export class TypingShown {
  readonly #shown = new Map<string, Shown>()

  get size(): number {
    return this.#shown.size
  }

  begin({ expiresIn, ...place }: TypingSignal, now: number): void {
    this.#shown.set(typingKey(place), { ...place, until: now + expiresIn + patience })
  }

  /** Whether there is an end to be told. */
  end(place: TypingPlace): boolean {
    return this.#shown.delete(typingKey(place))
  }

  /** What should have ended by now. */
  overdue(now: number): ReadonlyArray<TypingSignal> {
    return [...this.#shown.values()].flatMap(({ until, ...place }) =>
      until > now ? [] : [{ ...place, expiresIn: 0 }]
    )
  }
}
