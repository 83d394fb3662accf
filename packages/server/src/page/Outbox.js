/** The answer may be another the next time; for all else only the sender can do something. */
const passing = new Set(["busy", "overloaded", "unavailable", "outcome_unknown", "draining"])

/**
 * Messages without an answer yet. Each is sent again after every reconnect under the same `clientMessageId`, so that it
 * arrives once however often it is sent.
 */
export class Outbox {
  #messages = []
  #send

  /** @param {(frame: object) => boolean} send */
  constructor(send) {
    this.#send = send
  }

  of(conversationId) {
    return this.#messages.filter((message) => message.conversationId === conversationId)
  }

  put(conversationId, text) {
    const message = {
      conversationId,
      clientMessageId: crypto.randomUUID(),
      text,
      sentAt: new Date().toISOString()
    }
    this.#messages.push(message)
    this.#offer(message)
  }

  resend() {
    for (const message of this.#messages) if (message.problem === undefined) this.#offer(message)
  }

  retry(clientMessageId) {
    const message = this.#find(clientMessageId)
    if (message === undefined) return
    message.problem = undefined
    this.#offer(message)
  }

  /** Takes out a message that arrived, and returns it. */
  settle(clientMessageId) {
    const message = this.#find(clientMessageId)
    this.#messages = this.#messages.filter((other) => other !== message)
    return message
  }

  /** @returns {boolean} whether the error was about a message of this box */
  refused({ id, code, message: problem, fields, retryAfterMs }) {
    const message = this.#find(id)
    if (message === undefined) return false
    if (passing.has(code)) setTimeout(() => this.retry(id), retryAfterMs ?? 1000)
    else message.problem = fields?.map((field) => field.problem).join("; ") ?? problem
    return true
  }

  #find(clientMessageId) {
    return this.#messages.find((message) => message.clientMessageId === clientMessageId)
  }

  #offer({ conversationId, clientMessageId, text }) {
    this.#send({ type: "send_message", id: clientMessageId, conversationId, clientMessageId, text })
  }
}
