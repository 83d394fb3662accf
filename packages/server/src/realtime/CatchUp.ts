/** A durable frame as it goes out. */
export interface PlacedFrame {
  readonly pos: number
  readonly text: string
  /** What is told with it and means nothing without it: a count that it changed. */
  readonly along?: string | undefined
}

/**
 * How live frames of one conversation and those read from the log for the same session make one line: what comes live
 * is held until the reading is over, then goes out from where the reading ended.
 */
export class CatchUp {
  readonly #held: Array<PlacedFrame> = []
  #bytes = 0
  /** Everything up to here came from the log; 0 while it is still being read. */
  #upTo = 0
  #reading = true

  /** UTF-16 units that wait for the reading to end. */
  get waiting(): number {
    return this.#bytes
  }

  /** A live frame: whether it goes out now. If not, it is kept, or it was among those read. */
  admits(frame: PlacedFrame): boolean {
    if (!this.#reading) return frame.pos > this.#upTo
    this.#held.push(frame)
    this.#bytes += frame.text.length
    return false
  }

  /** The reading ended at `pos`. @returns what was held and follows it, in its order */
  end(pos: number): ReadonlyArray<PlacedFrame> {
    const rest = this.#held.filter((frame) => frame.pos > pos)
    this.#held.length = 0
    this.#bytes = 0
    this.#reading = false
    this.#upTo = rest.at(-1)?.pos ?? pos
    return rest
  }
}
