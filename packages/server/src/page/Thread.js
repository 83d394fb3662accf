const pages = 50

/**
 * The open conversation: what history said, moved on by frames. Whoever holds `pos` p next gets p + 1; anything later
 * means that something was missed, and the newest page is asked for again.
 */
export class Thread {
  entries = []
  hasEarlier = false
  /** Messages of the other person up to this number were read here. */
  readSeq = 0
  #service
  #me
  #pos = 0
  /** Frames that came while a page was on its way; undefined: none is. */
  #early

  /** @param {object} conversation as REST has it */
  constructor(service, me, conversation) {
    this.#service = service
    this.#me = me
    this.conversation = conversation
  }

  get id() {
    return this.conversation.id
  }

  /** The newest event that is shown here. */
  get pos() {
    return this.#pos
  }

  async load() {
    if (this.#early !== undefined) return
    this.#early = []
    try {
      this.conversation = await this.#service.ask("GET", `/conversations/${this.id}`)
      const page = await this.#historyFrom(this.conversation.pos)
      this.#replace(page)
      this.#pos = page.reflects?.pos ?? 0
      // Whatever is seen of it is told again: the telling may have been lost with a connection.
      this.readSeq = 0
    } finally {
      const early = this.#early
      this.#early = undefined
      for (const [frame, text] of early) this.take(frame, text)
    }
  }

  async loadEarlier() {
    const before = this.entries[0]?.pos
    if (before === undefined) return
    const page = await this.#page(`before=${before}&limit=${pages}`)
    this.entries = [...page.messages, ...this.entries.filter(({ pos }) => pos >= before)]
    this.hasEarlier = page.hasEarlier
  }

  /**
   * Moves on by a durable frame of this conversation.
   *
   * @param {string | undefined} text of a message that was sent from here, whose frame does not carry it
   * @returns {boolean} false: frames are missing before this one
   */
  take(frame, text) {
    if (this.#early !== undefined) {
      this.#early.push([frame, text])
      return true
    }
    if (frame.pos === undefined || frame.repeat || frame.pos <= this.#pos) return true
    if (frame.pos > this.#pos + 1) return false
    this.#pos = frame.pos
    this.#fold(frame, text)
    return true
  }

  /** Earlier pages stay where the newest one joins them. */
  #replace({ hasEarlier, messages }) {
    const from = messages[0]?.pos ?? 0
    const joins = hasEarlier && (this.entries.at(-1)?.pos ?? 0) >= from
    const kept = joins ? this.entries.filter(({ pos }) => pos < from) : []
    this.entries = [...kept, ...messages]
    if (kept.length === 0) this.hasEarlier = hasEarlier
  }

  #fold(frame, text) {
    const mine = frame.by === this.#me
    switch (frame.type) {
      case "message_received":
        return this.#add({ ...frame, type: "TEXT", mine: frame.sender === this.#me })
      case "message_sent":
        return this.#add({ ...frame, type: "TEXT", mine: true, text })
      case "message_delivered":
      case "message_read":
        if (mine) this.readSeq = frame.type === "message_read" ? frame.upToSeq : this.readSeq
        return this.#mark(frame, mine)
      case "conversation_updated":
        if (frame.status !== null) this.conversation = { ...this.conversation, status: frame.status }
        if (frame.change !== "archived" && frame.change !== "reopened") return
        return this.#add({
          type: "SYSTEM",
          pos: frame.pos,
          sentAt: frame.at,
          system: {
            event: frame.change,
            by: frame.by === null ? "system" : this.#sideOf(mine),
            cause: frame.cause
          }
        })
    }
  }

  #add(entry) {
    this.entries = [...this.entries, { deliveredAt: null, readAt: null, ...entry }]
  }

  /** A mark of one person is about the messages of the other. */
  #mark({ type, upToSeq, at }, mine) {
    this.entries = this.entries.map((entry) => {
      if (entry.type !== "TEXT" || entry.mine === mine || entry.seq > upToSeq) return entry
      const deliveredAt = entry.deliveredAt ?? at
      return { ...entry, deliveredAt, readAt: type === "message_read" ? (entry.readAt ?? at) : entry.readAt }
    })
  }

  #sideOf(mine) {
    const { side } = this.conversation
    return mine ? side : side === "business" ? "worker" : "business"
  }

  #page(query) {
    return this.#service.ask("GET", `/conversations/${this.id}/messages?${query}`)
  }

  /** History follows the record by some milliseconds. */
  async #historyFrom(pos) {
    for (let attempt = 0; ; attempt += 1) {
      const page = await this.#page(`limit=${pages}`)
      if ((page.reflects?.pos ?? 0) >= pos || attempt === 10) return page
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt))
    }
  }
}
