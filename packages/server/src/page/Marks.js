const EVERY = 100

/**
 * Tells the service what arrived here and what was read, at most once in a while for each conversation: marks stand for
 * all that is before them, and a socket may send only so many frames.
 */
export class Marks {
  #send
  #delivered = new Map()
  #read = new Map()
  #timer

  /** @param {(frame: object) => boolean} send */
  constructor(send) {
    this.#send = send
  }

  delivered(conversationId, pos) {
    this.#raise(this.#delivered, conversationId, pos)
  }

  read(conversationId, pos) {
    this.#raise(this.#read, conversationId, pos)
  }

  #raise(marks, conversationId, pos) {
    marks.set(conversationId, Math.max(pos, marks.get(conversationId) ?? 0))
    this.#timer ??= setTimeout(() => this.#flush(), EVERY)
  }

  /** What a lost connection swallows is told anew after the next one: then all is looked at again. */
  #flush() {
    this.#timer = undefined
    for (const [conversationId, upTo] of this.#delivered) {
      // Reading is having.
      if (upTo <= (this.#read.get(conversationId) ?? 0)) continue
      this.#send({ type: "ack_delivered", conversationId, upTo })
    }
    for (const [conversationId, upTo] of this.#read) this.#send({ type: "mark_read", conversationId, upTo })
    this.#delivered.clear()
    this.#read.clear()
  }
}
