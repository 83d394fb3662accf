import { type TypingPlace, typingKey } from "./TypingPlace.ts"

/** Milliseconds after which typing is over when it is not renewed. */
export const typingFor = 3_000
/** Milliseconds before it is told again: that somebody still types, and that they do again. */
const renewEvery = 1_000
const beginEvery = 250

/** What the other is told: for how many milliseconds from now on it counts; 0: it is over. */
export interface TypingSignal extends TypingPlace {
  readonly expiresIn: number
}

/** The socket on which somebody types. */
interface Keyboard {
  readonly live: boolean
}

interface Typist extends TypingPlace {
  /** Where they type; none: they stopped. */
  readonly keyboards: Set<Keyboard>
  renewedAt: number
  toldAt: number
  /** Whether the other was told so last. */
  shown: boolean
}

const signal = ({ by, conversation, to }: TypingPlace, expiresIn: number): TypingSignal => ({
  by,
  conversation,
  to,
  expiresIn
})

/**
 * Who types on sockets of this node: decides when the other is told, so that however often clients say it, their
 * conversation hears it once a second, and four times that somebody began and stopped. Times are milliseconds of a clock that nobody sets.
 */
export class TypingHere {
  readonly #typists = new Map<string, Typist>()

  get size(): number {
    return this.#typists.size
  }

  /** Begins, or goes on. */
  start(keyboard: Keyboard, place: TypingPlace, now: number): TypingSignal | undefined {
    const key = typingKey(place)
    const typist = this.#typists.get(key) ?? {
      ...place,
      keyboards: new Set(),
      renewedAt: now,
      toldAt: Number.NEGATIVE_INFINITY,
      shown: false
    }
    this.#typists.set(key, typist)
    typist.keyboards.add(keyboard)
    typist.renewedAt = now
    return this.#news(typist, now)
  }

  /** They stopped on this socket. */
  stop(keyboard: Keyboard, place: TypingPlace): TypingSignal | undefined {
    const typist = this.#typists.get(typingKey(place))
    if (typist === undefined || !typist.keyboards.delete(keyboard)) return undefined
    return typist.keyboards.size > 0 ? undefined : this.end(place)
  }

  /** They stopped on all. */
  end(place: TypingPlace): TypingSignal | undefined {
    const typist = this.#typists.get(typingKey(place))
    typist?.keyboards.clear()
    if (!typist?.shown) return undefined
    typist.shown = false
    return signal(typist, 0)
  }

  /** What is over, since it was not renewed or its sockets are gone; and what came too soon to be told then. */
  due(now: number): ReadonlyArray<TypingSignal> {
    return [...this.#typists].flatMap(([key, typist]) => {
      for (const keyboard of typist.keyboards) if (!keyboard.live) typist.keyboards.delete(keyboard)
      const over = typist.keyboards.size === 0 || now - typist.renewedAt >= typingFor
      const told = over ? this.end(typist) : this.#news(typist, now)
      if (over && now - typist.toldAt >= beginEvery) this.#typists.delete(key)
      return told === undefined ? [] : [told]
    })
  }

  #news(typist: Typist, now: number): TypingSignal | undefined {
    const { renewedAt, shown, toldAt } = typist
    if (shown && renewedAt <= toldAt) return undefined
    if (now - toldAt < (shown ? renewEvery : beginEvery)) return undefined
    typist.toldAt = now
    typist.shown = true
    return signal(typist, renewedAt + typingFor - now)
  }
}
