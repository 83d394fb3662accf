import type { Link } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { Clock } from "effect"
import { Tally } from "./Tally.ts"

/** What somebody has on one node. */
export interface Attendance {
  readonly connections: number
  /** 0 within their grace; null: none, nor a moment ago. */
  readonly devices: number | null
}

/** Somebody whose last device went. */
interface Gone {
  /** Epoch milliseconds. */
  readonly at: number
  /** When they are away for good, in nanoseconds of a clock that nobody sets. */
  readonly until: bigint
}

export interface Departure {
  readonly subject: SubjectId
  /** When their last device went, epoch milliseconds. */
  readonly at: number
}

/**
 * The people on this node: those with devices are here, and those whose last one went less than the grace ago.
 * Connections are only counted, and have no grace.
 */
export class PeopleHere {
  readonly #connections = new Tally()
  readonly #devices = new Tally()
  /** Longest gone first, since the grace is the same for all. */
  readonly #gone = new Map<SubjectId, Gone>()
  readonly #grace: bigint
  readonly #clock: Clock.Clock

  /** @param grace milliseconds */
  constructor(clock: Clock.Clock, grace: number) {
    this.#clock = clock
    this.#grace = BigInt(grace) * 1_000_000n
  }

  /** One more of theirs. */
  arrive(subject: SubjectId, link: Link): void {
    if (link !== "device") this.#connections.add(subject)
    if (link === "connection") return
    this.#devices.add(subject)
    this.#gone.delete(subject)
  }

  /** One fewer. */
  depart(subject: SubjectId, link: Link): void {
    if (link !== "device") this.#connections.take(subject)
    if (link === "connection" || !this.#devices.take(subject)) return
    const until = this.#clock.monotonicTimeNanosUnsafe() + this.#grace
    this.#gone.set(subject, { at: this.#clock.currentTimeMillisUnsafe(), until })
  }

  connections(subject: SubjectId): number {
    return this.#connections.of(subject)
  }

  attendance(subject: SubjectId): Attendance {
    return {
      connections: this.connections(subject),
      devices: this.has(subject) ? this.#devices.of(subject) : null
    }
  }

  /** When somebody within their grace lost their last device, epoch milliseconds. */
  goneAt(subject: SubjectId): number | undefined {
    return this.#gone.get(subject)?.at
  }

  has(subject: SubjectId): boolean {
    return this.#devices.has(subject) || this.#gone.has(subject)
  }

  /** How many are here. */
  get size(): number {
    return this.#devices.size + this.#gone.size
  }

  /** Everyone who is here, or has a connection. */
  get all(): ReadonlySet<SubjectId> {
    return new Set([...this.#devices.people, ...this.#gone.keys(), ...this.#connections.people])
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
