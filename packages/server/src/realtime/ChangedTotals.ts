import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"

export interface Place {
  readonly slice: number
  readonly slicePos: number
}

/** People whose totals are summed by one query, and how far the sums must reach. */
export interface ChangedRound {
  readonly subjects: ReadonlyArray<SubjectId>
  readonly token: PositionToken
}

/**
 * Whose total changed, and by which events. People's conversations lie in different slices, so each slice is remembered:
 * a sum that included the last event alone could miss one just before it, and nothing would tell of that one again.
 */
export class ChangedTotals {
  readonly #places = new Map<SubjectId, Map<number, number>>()

  get size(): number {
    return this.#places.size
  }

  /** @param place undefined: they want to know what it is */
  mark(subject: SubjectId, place?: Place): void {
    const places = this.#places.get(subject) ?? new Map<number, number>()
    if (place !== undefined) {
      places.set(place.slice, Math.max(places.get(place.slice) ?? 0, place.slicePos))
    }
    this.#places.set(subject, places)
  }

  /** Takes out those who wait longest; what they wait for comes back with `keep` when it could not be told. */
  take(most: number): ChangedRound & { readonly keep: () => void } {
    const people = [...this.#places].slice(0, most)
    const token: Record<string, number> = {}
    for (const [subject, places] of people) {
      this.#places.delete(subject)
      for (const [slice, slicePos] of places) token[slice] = Math.max(token[slice] ?? 0, slicePos)
    }
    const keep = () => {
      for (const [subject, places] of people) {
        this.mark(subject)
        for (const [slice, slicePos] of places) this.mark(subject, { slice, slicePos })
      }
    }
    return { subjects: people.map(([subject]) => subject), token, keep }
  }
}
