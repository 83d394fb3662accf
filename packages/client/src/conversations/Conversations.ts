import type { Presence } from "../Conversation.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"

/** What is only so for now, and on no record. */
export interface Passing {
  /** undefined: not known. */
  readonly presence: Presence | undefined
  /** The other person types until then, by the clock's milliseconds. */
  readonly typingUntil: number
}

const nothing: Passing = { presence: undefined, typingUntil: 0 }

/**
 * All that this device knows of conversations. Changes gather until the end of the turn, or until `gather` ends, and are
 * then told at once: a thousand events after a reconnect are one change to whoever looks.
 */
export class Conversations {
  readonly #held = new Map<string, HeldConversation>()
  readonly #passing = new Map<string, Passing>()
  readonly #changed = new Set<string>()
  readonly #own = new Set<string>()
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>()
  #gathering = 0
  #due = false

  get(id: string): HeldConversation | undefined {
    return this.#held.get(id)
  }

  get all(): Iterable<HeldConversation> {
    return this.#held.values()
  }

  get size(): number {
    return this.#held.size
  }

  passing(id: string): Passing {
    return this.#passing.get(id) ?? nothing
  }

  put(held: HeldConversation): void {
    this.#held.set(held.id, held)
    this.touch(held.id)
  }

  update(id: string, change: (held: HeldConversation) => HeldConversation): void {
    const held = this.#held.get(id)
    if (held !== undefined) this.put(change(held))
  }

  remove(id: string): void {
    if (this.#held.delete(id)) this.touch(id)
  }

  pass(id: string, change: Partial<Passing>): void {
    this.#passing.set(id, { ...this.passing(id), ...change })
    this.touch(id)
  }

  /** Nothing of what is only so for now is known any more: the line was cut. */
  forgetPassing(): void {
    for (const id of this.#passing.keys()) this.touch(id)
    this.#passing.clear()
  }

  forgetAll(): void {
    for (const id of this.#held.keys()) this.touch(id)
    this.#held.clear()
    this.#passing.clear()
  }

  /** Something of it looks different. */
  touch(id: string): void {
    this.#changed.add(id)
    if (this.#due || this.#gathering > 0) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      if (this.#gathering === 0) this.tell()
    })
  }

  /** One did something to it oneself: that shows at once, whatever is being gathered. */
  touchNow(id: string): void {
    this.#own.add(id)
    if (this.#own.size > 1) return
    queueMicrotask(() => {
      const own = new Set(this.#own)
      this.#own.clear()
      for (const listener of [...this.#listeners]) listener(own)
    })
  }

  /** From now on changes are told together, until what this answers is called. */
  gather(): () => void {
    this.#gathering += 1
    return () => {
      this.#gathering -= 1
      if (this.#gathering === 0) this.tell()
    }
  }

  tell(): void {
    if (this.#changed.size === 0) return
    const changed = new Set(this.#changed)
    this.#changed.clear()
    for (const listener of [...this.#listeners]) listener(changed)
  }

  listen(listener: (changed: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}
