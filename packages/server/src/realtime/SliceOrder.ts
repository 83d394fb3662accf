import type { SliceCursor } from "@indelible/application/store/EventLog"

interface Placed {
  readonly slice: number
  readonly slicePos: number
}

interface Lane<Event> {
  /** Everything up to here was taken. */
  after: number
  /** By position: what came and was not taken yet. */
  readonly held: Map<number, Event>
}

/**
 * Puts events that come from two sides, a node's own hints and the tail of the log, into the order of the log: each
 * slice from where it stood at the start, each position once, none before the one below it. Since a slice has no holes,
 * whoever takes from here has missed nothing, and no memory of conversations is needed to know it.
 */
export class SliceOrder<Event extends Placed> {
  readonly #lanes: Map<number, Lane<Event>>
  readonly #capacity: number
  /** Slices in which something came since the last `take`. */
  readonly #touched = new Set<number>()
  #held = 0

  /** @param capacity how many events may wait for those below them; beyond it they are left to the tail */
  constructor(heads: ReadonlyArray<SliceCursor>, capacity = 10_000) {
    this.#lanes = new Map(heads.map(({ after, slice }) => [slice, { after, held: new Map() }]))
    this.#capacity = capacity
  }

  offer(event: Event): void {
    const lane = this.#lanes.get(event.slice)
    if (lane === undefined || event.slicePos <= lane.after || lane.held.has(event.slicePos)) return
    // The next one is always taken at once, so it can never be what fills the room.
    if (this.#held >= this.#capacity && event.slicePos !== lane.after + 1) return
    lane.held.set(event.slicePos, event)
    this.#held += 1
    this.#touched.add(event.slice)
  }

  /** What can go out now, ascending within each slice. */
  take(): ReadonlyArray<Event> {
    const taken: Array<Event> = []
    for (const slice of this.#touched) {
      const lane = this.#lanes.get(slice)
      if (lane === undefined) continue
      for (;;) {
        const next = lane.held.get(lane.after + 1)
        if (next === undefined) break
        lane.held.delete(lane.after + 1)
        lane.after += 1
        taken.push(next)
      }
    }
    this.#touched.clear()
    this.#held -= taken.length
    return taken
  }

  /** Whether something waits for what only the tail may still bring. */
  get hasGap(): boolean {
    return this.#held > 0
  }

  /** Where something waits. */
  get gaps(): ReadonlyArray<number> {
    return [...this.#lanes].flatMap(([slice, { held }]) => (held.size > 0 ? [slice] : []))
  }

  /** How far these slices were taken, or all of them. */
  cursors(slices: ReadonlyArray<number> | null): ReadonlyArray<SliceCursor> {
    return (slices ?? [...this.#lanes.keys()]).flatMap((slice) => {
      const lane = this.#lanes.get(slice)
      return lane === undefined ? [] : [{ slice, after: lane.after }]
    })
  }
}
