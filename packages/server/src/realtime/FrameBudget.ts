/** How many frames a socket may send: so many a second, and a burst after a pause. */
export class FrameBudget {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #at: number

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
    this.#at = now
  }

  /** Spends one; false when none is left. `now` in milliseconds of a clock that nobody sets. */
  spend(now: number): boolean {
    if (this.early(now) > 0) return false
    this.#left -= 1
    return true
  }

  /** Milliseconds until there is one to spend. */
  early(now: number): number {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) * this.#perSecond) / 1_000)
    this.#at = now
    return this.#left < 1 ? Math.ceil(((1 - this.#left) * 1_000) / this.#perSecond) : 0
  }
}
