/**
 * When the next of a row may go, so that a burst of `most` goes at once and then one each `gap` milliseconds: below what
 * the service allows a socket, 50 frames a second and 100 at once. GCRA (ITU-T I.371) in its virtual scheduling form.
 */
export class Pace {
  readonly #gap: number
  readonly #most: number
  #next = Number.NEGATIVE_INFINITY

  constructor(gap: number, most: number) {
    this.#gap = gap
    this.#most = most
  }

  /** Milliseconds to wait from `now`; the place is taken. */
  take(now: number): number {
    const at = Math.max(this.#next, now - this.#gap * (this.#most - 1))
    this.#next = at + this.#gap
    return Math.max(0, at - now)
  }
}
