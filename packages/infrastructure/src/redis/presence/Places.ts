import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import type { Elsewhere } from "./Elsewhere.ts"

interface Place extends Elsewhere {
  /** Milliseconds of a clock that nobody sets. */
  readonly readAt: number
}

/** Where those are who are watched here, as it was last read. */
export class Places {
  /** Read longest ago first. */
  readonly #places = new Map<SubjectId, Place>()

  get(subject: SubjectId): Elsewhere | undefined {
    return this.#places.get(subject)
  }

  set(subject: SubjectId, elsewhere: Elsewhere, readAt: number): void {
    this.#places.delete(subject)
    this.#places.set(subject, { ...elsewhere, readAt })
  }

  delete(subject: SubjectId): void {
    this.#places.delete(subject)
  }

  /** Who is on one of these nodes. */
  on(lives: ReadonlySet<string>): ReadonlyArray<SubjectId> {
    return [...this.#places].flatMap(([subject, { nodes }]) =>
      nodes.some((life) => lives.has(life)) ? [subject] : []
    )
  }

  /** Of whom it was read before then. */
  readBefore(then: number): ReadonlyArray<SubjectId> {
    const old: Array<SubjectId> = []
    for (const [subject, { readAt }] of this.#places) {
      if (readAt >= then) break
      old.push(subject)
    }
    return old
  }
}
