import type { SubjectId } from "@indelible/domain/subject/SubjectId"

/** How many of something each person has. Whoever has none takes no room. */
export class Tally {
  readonly #counts = new Map<SubjectId, number>()

  add(subject: SubjectId): void {
    this.#counts.set(subject, this.of(subject) + 1)
  }

  /** One fewer. Whether that was their last; false when they had none. */
  take(subject: SubjectId): boolean {
    const left = this.of(subject) - 1
    if (left <= 0) return this.#counts.delete(subject)
    this.#counts.set(subject, left)
    return false
  }

  of(subject: SubjectId): number {
    return this.#counts.get(subject) ?? 0
  }

  has(subject: SubjectId): boolean {
    return this.#counts.has(subject)
  }

  /** How many people have some. */
  get size(): number {
    return this.#counts.size
  }

  get people(): Iterable<SubjectId> {
    return this.#counts.keys()
  }
}
