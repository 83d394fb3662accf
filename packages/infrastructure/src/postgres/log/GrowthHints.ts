import { fullLookMillis, slowPollMillis } from "@indelible/application/store/LogWakeUp"
import { Effect, Latch } from "effect"

/** What one reader of the log was told and has not looked at. */
export class GrowthHints {
  readonly hint: Effect.Effect<void>
  readonly #latch = Latch.makeUnsafe(false)
  readonly #slices = new Set<number>()
  readonly #now: () => number
  /** Something has grown, and it is not known where. */
  #anywhere = true
  #lookedAtAll = 0

  /** @param now milliseconds of a clock that nobody sets */
  constructor(now: () => number) {
    this.#now = now
    this.hint = Effect.asVoid(Effect.timeoutOption(this.#latch.await, slowPollMillis))
  }

  /** @param slices null: it is not known which */
  add(slices: ReadonlyArray<number> | null): void {
    if (slices === null) this.#anywhere = true
    else for (const slice of slices) this.#slices.add(slice)
    this.#latch.openUnsafe()
  }

  /** @returns null: it is time to look at all of them */
  take(): ReadonlyArray<number> | null {
    const now = this.#now()
    const slices = [...this.#slices]
    const patience = slices.length === 0 ? slowPollMillis : fullLookMillis
    const all = this.#anywhere || now - this.#lookedAtAll >= patience
    this.#slices.clear()
    this.#latch.closeUnsafe()
    if (!all) return slices
    this.#anywhere = false
    this.#lookedAtAll = now
    return null
  }
}
