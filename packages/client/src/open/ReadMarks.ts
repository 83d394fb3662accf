/** Milliseconds that what comes into view gathers. */
const PAUSE = 250

/** Tells what was read: once it is seen by somebody who looks, and not before. */
export class ReadMarks {
  readonly #isAttended: () => boolean
  readonly #read: (upTo: number) => void
  #seen = 0
  #told = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param read tells the service */
  constructor(isAttended: () => boolean, read: (upTo: number) => void) {
    this.#isAttended = isAttended
    this.#read = read
  }

  seen(pos: number): void {
    if (pos <= this.#seen) return
    this.#seen = pos
    this.attend()
  }

  /** Somebody may look again. */
  attend(): void {
    if (this.#timer !== undefined || this.#seen <= this.#told || !this.#isAttended()) return
    this.#timer = setTimeout(() => this.#tell(), PAUSE)
  }

  #tell(): void {
    this.#timer = undefined
    if (!this.#isAttended()) return
    this.#told = this.#seen
    this.#read(this.#seen)
  }

  /** It is no longer looked at: what gathered is told now. */
  close(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#tell()
  }
}
