import type { PersonPresence, PresenceChange } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Latch, Stream } from "effect"

/** What is known of the people that are watched here, and which of it was not told yet: of each at most the newest. */
export class WatchedPeople {
  readonly #known = new Map<SubjectId, PersonPresence>()
  readonly #untold = new Map<SubjectId, PresenceChange>()
  readonly #something = Latch.makeUnsafe(false)

  /** Begins to watch. */
  add(subject: SubjectId, presence: PersonPresence): void {
    if (this.#known.has(subject)) this.learn(subject, presence)
    else this.#known.set(subject, presence)
  }

  delete(subject: SubjectId): void {
    this.#known.delete(subject)
    this.#untold.delete(subject)
  }

  /** How it stands with somebody; when that is another than before, it is told. */
  learn(subject: SubjectId, presence: PersonPresence): void {
    const before = this.#known.get(subject)
    if (before === undefined) return
    if (before.online === presence.online && before.lastSeenAt === presence.lastSeenAt) return
    this.#known.set(subject, presence)
    this.#untold.set(subject, { subject, ...presence })
    this.#something.openUnsafe()
  }

  get(subject: SubjectId): PersonPresence | undefined {
    return this.#known.get(subject)
  }

  get all(): ReadonlyArray<SubjectId> {
    return [...this.#known.keys()]
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
