export interface Position {
  readonly pos: number
  readonly tag: string
}

/** What did not come as it should. */
export interface Irregularities {
  readonly lost: number
  readonly doubled: number
  readonly reordered: number
}

/**
 * Where one socket stands in one conversation. Every event has a `pos` and comes to every socket once, so what was lost,
 * doubled or came out of turn shows by the numbers alone.
 */
export class Place {
  pos: number
  tag: string
  #doubled = 0
  #reordered = 0
  readonly #missing = new Set<number>()

  constructor({ pos, tag }: Position) {
    this.pos = pos
    this.tag = tag
  }

  take({ pos, tag }: Position): void {
    if (pos <= this.pos) {
      if (this.#missing.delete(pos)) this.#reordered += 1
      else this.#doubled += 1
      return
    }
    for (let between = this.pos + 1; between < pos; between++) this.#missing.add(between)
    this.pos = pos
    this.tag = tag
  }

  /** What did not come as it should since the last time, with the conversation at `head`. */
  account(head: number): Irregularities {
    const counted = {
      lost: this.#missing.size + Math.max(0, head - this.pos),
      doubled: this.#doubled,
      reordered: this.#reordered
    }
    this.#missing.clear()
    this.#doubled = 0
    this.#reordered = 0
    this.pos = Math.max(this.pos, head)
    return counted
  }
}

export const sumOf = (all: Iterable<Irregularities>): Irregularities => {
  const sum = { lost: 0, doubled: 0, reordered: 0 }
  for (const { doubled, lost, reordered } of all) {
    sum.lost += lost
    sum.doubled += doubled
    sum.reordered += reordered
  }
  return sum
}
