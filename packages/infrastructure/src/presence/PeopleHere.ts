import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { Clock } from "effect"

/** Somebody without a socket. */
interface Gone {
  /** Epoch milliseconds. */
  readonly at: number
  /** When they are away for good, in nanoseconds of a clock that nobody sets. */
  readonly until: bigint
}

export interface Departure {
  readonly subject: SubjectId
  /** When their last socket went, epoch milliseconds. */
  readonly at: number
}

/** The people with sockets on this node, and those whose last one went less than the grace ago. */
export class PeopleHere {
  readonly #sockets = new Map<SubjectId, number>()
  /** Longest gone first, since the grace is the same for all. */
  readonly #gone = new Map<SubjectId, Gone>()
  readonly #grace: bigint
  readonly #clock: Clock.Clock

  /** @param grace milliseconds */
  constructor(clock: Clock.Clock, grace: number) {
    this.#clock = clock
    this.#grace = BigInt(grace) * 1_000_000n
  }

  /** One more socket of theirs. */
  arrive(subject: SubjectId): void {
    this.#sockets.set(subject, this.sockets(subject) + 1)
    this.#gone.delete(subject)
  }

  /** One fewer. */
  depart(subject: SubjectId): void {
    const left = this.sockets(subject) - 1
    if (left > 0) this.#sockets.set(subject, left)
    else if (this.#sockets.delete(subject)) {
      const until = this.#clock.monotonicTimeNanosUnsafe() + this.#grace
      this.#gone.set(subject, { at: this.#clock.currentTimeMillisUnsafe(), until })
    }
  }

  sockets(subject: SubjectId): number {
    return this.#sockets.get(subject) ?? 0
  }

  /** When somebody within their grace lost their last socket, epoch milliseconds. */
  goneAt(subject: SubjectId): number | undefined {
    return this.#gone.get(subject)?.at
  }

  has(subject: SubjectId): boolean {
    return this.#sockets.has(subject) || this.#gone.has(subject)
  }

  get size(): number {
    return this.#sockets.size + this.#gone.size
  }

  /** Everyone, those within their grace too. */
  get all(): ReadonlyArray<SubjectId> {
    return [...this.#sockets.keys(), ...this.#gone.keys()]
  }

  /** Nanoseconds until the next grace is over; undefined while nobody is within one. */
  get nextDeparture(): bigint | undefined {
    for (const { until } of this.#gone.values()) {
      const left = until - this.#clock.monotonicTimeNanosUnsafe()
      return left > 0n ? left : 0n
    }
    return undefined
  }

  /** Lets go of those whose grace is over. */
  departures(): ReadonlyArray<Departure> {
    const now = this.#clock.monotonicTimeNanosUnsafe()
    const over: Array<Departure> = []
    for (const [subject, { at, until }] of this.#gone) {
      if (until > now) break
      this.#gone.delete(subject)
      over.push({ subject, at })
    }
    return over
  }
}
