/** Milliseconds between two frames while somebody types on, and of silence that ends it. The service counts 3 s. */
const AGAIN = 2_000
const IDLE = 2_500

/** Keys pressed become few frames: one at the beginning, one now and then, one at the end. */
export class Typing {
  readonly #tell: (active: boolean) => void
  readonly #now: () => number
  #toldAt: number | undefined
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(tell: (active: boolean) => void, now: () => number) {
    this.#tell = tell
    this.#now = now
  }

  press(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.stop(), IDLE)
    if (this.#toldAt !== undefined && this.#now() - this.#toldAt < AGAIN) return
    this.#toldAt = this.#now()
    this.#tell(true)
  }

  stop(): void {
    if (this.#toldAt !== undefined) this.#tell(false)
    this.sent()
  }

  /** A message ends it by itself. */
  sent(): void {
    clearTimeout(this.#idle)
    this.#toldAt = undefined
  }
}
