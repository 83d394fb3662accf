import type { PersonPresence, PresenceChange } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Latch, Stream } from "effect"

/** What is known of the people that are watched here, and which of it was not told yet: of each at most the newest. */
export class WatchedPeople {
  /** undefined: nothing yet. */
  readonly #known = new Map<SubjectId, PersonPresence | undefined>()
  readonly #untold = new Map<SubjectId, PresenceChange>()
  readonly #something = Latch.makeUnsafe(false)

  add(subject: SubjectId): void {
    if (!this.#known.has(subject)) this.#known.set(subject, undefined)
  }

  delete(subject: SubjectId): void {
    this.#known.delete(subject)
    this.#untold.delete(subject)
  }

  has(subject: SubjectId): boolean {
    return this.#known.has(subject)
  }

  get(subject: SubjectId): PersonPresence | undefined {
    return this.#known.get(subject)
  }

  get all(): ReadonlyArray<SubjectId> {
    return [...this.#known.keys()]
  }

  /** How it stands with somebody, watched or not; when that is another than was known, it is told. */
  learn(subject: SubjectId, presence: PersonPresence): void {
    if (!this.has(subject)) return
    const before = this.get(subject)
    this.#known.set(subject, presence)
    if (before === undefined) return
    if (before.online === presence.online && before.lastSeenAt === presence.lastSeenAt) return
    this.#untold.set(subject, { subject, ...presence })
    this.#something.openUnsafe()
  }

  readonly changes: Stream.Stream<PresenceChange> = Stream.fromIterableEffectRepeat(
    Effect.map(this.#something.await, () => {
      const changes = [...this.#untold.values()]
      this.#untold.clear()
      this.#something.closeUnsafe()
      return changes
    })
  )
}
