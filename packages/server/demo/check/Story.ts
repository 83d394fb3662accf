import { randomUUID } from "node:crypto"
import { ConversationChange } from "@indelible/api/conversation/ConversationChange"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { RestClient } from "../RestClient.ts"
import { type Cast, castIn, signIn } from "./Cast.ts"
import { type ConversationSeen, lookAt } from "./Conversation.ts"
import { LiveSocket } from "./LiveSocket.ts"
import { type Line, script } from "./Script.ts"

/** A message as whoever sent it was told. */
export interface Sent {
  readonly line: Line
  readonly id: string
  readonly pos: number
}

export interface Story {
  readonly cast: Cast
  readonly conversation: ConversationId
  /** What starting it from the other side answered: has to be the same one. */
  readonly startedAgain: ConversationId
  /** In the order in which they were said. */
  readonly sent: ReadonlyArray<Sent>
  /** Answers to sends that were repeated: each has to be the message that it was the first time. */
  readonly repeats: ReadonlyArray<{ readonly first: Sent; readonly id: string; readonly repeat: boolean }>
  /** Everything that the worker's socket got. */
  readonly frames: ReadonlyArray<ServerFrame>
  readonly seenBy: Readonly<Record<"business" | "worker", ConversationSeen>>
}

const Started = Schema.Struct({ conversation: ConversationView })
const Answer = Schema.Struct({ id: MessageId, pos: Schema.Int, repeat: Schema.Boolean })

const newClientMessageId = () => ClientMessageId.make(randomUUID())

/** What the business does, by REST. */
class Desk {
  readonly #rest: RestClient
  readonly #path: string

  constructor(rest: RestClient, conversation: ConversationId) {
    this.#rest = rest
    this.#path = `/conversations/${conversation}`
  }

  async say(line: Line, clientMessageId = newClientMessageId()) {
    const body = { type: "TEXT", clientMessageId, text: line.text }
    const { id, pos, repeat } = await this.#rest.ask(Answer, "POST", `${this.#path}/messages`, { body })
    return { line, id, pos, repeat }
  }

  read({ id }: Sent) {
    return this.#rest.ask(ConversationChange, "PATCH", `/messages/${id}/read`)
  }

  readAll() {
    return this.#rest.ask(ConversationChange, "POST", `${this.#path}/read`)
  }

  archive() {
    return this.#rest.ask(ConversationChange, "PATCH", `${this.#path}/archive`)
  }
}

/** What the worker does, over the WebSocket. */
class Phone {
  readonly #live: LiveSocket
  readonly #conversationId: ConversationId
  readonly #owner: string

  constructor(live: LiveSocket, conversationId: ConversationId, owner: string) {
    this.#live = live
    this.#conversationId = conversationId
    this.#owner = owner
  }

  async say(line: Line, clientMessageId = newClientMessageId()) {
    const id = randomUUID()
    this.#live.send({
      type: "send_message",
      id,
      conversationId: this.#conversationId,
      clientMessageId,
      text: line.text
    })
    return this.#live.first("the answer to a message", (frame) =>
      frame.type === "message_sent" && frame.id === id
        ? { line, id: frame.messageId, pos: frame.pos, repeat: frame.repeat ?? false }
        : undefined
    )
  }

  /** Waits for a message and acknowledges it, as a device does by itself. */
  async receive({ id, pos }: Sent): Promise<number> {
    await this.#live.first("a message", (frame) =>
      frame.type === "message_received" && frame.messageId === id ? frame : undefined
    )
    this.#live.send({ type: "ack_delivered", conversationId: this.#conversationId, upTo: pos })
    return this.#mark("message_delivered", pos)
  }

  async read(sent: Sent) {
    await this.receive(sent)
    this.#live.send({ type: "mark_read", conversationId: this.#conversationId, upTo: sent.pos })
    await this.#mark("message_read", sent.pos)
  }

  /** Every mark is an event of its own, after what it marks. */
  #mark(type: "message_delivered" | "message_read", after: number) {
    return this.#live.first(`the mark ${type}`, (frame) =>
      frame.type === type && "pos" in frame && frame.by === this.#owner && frame.pos > after
        ? frame.pos
        : undefined
    )
  }
}

/** Two people talk, one by REST and the other by WebSocket. `tell` hears of each step when it is done. */
export const play = async (origin: URL, tell: (step: string) => void): Promise<Story> => {
  const cast = await castIn(origin)
  tell(`put ${cast.business.name}, ${cast.worker.name} and an application between them into the directory`)
  const businessRest = new RestClient(origin, await signIn(origin, { userId: cast.business.id }))
  const workerToken = await signIn(origin, { userId: cast.worker.id })
  const workerRest = new RestClient(origin, workerToken)
  const live = await LiveSocket.open(origin, workerToken)
  try {
    tell("signed both in: Noor works by REST, Kenji by WebSocket")
    const body = { applicationId: cast.application }
    const start = (rest: RestClient) => rest.ask(Started, "POST", "/conversations", { body })
    const [started, again] = await Promise.all([start(businessRest), start(workerRest)])
    const conversation = started.conversation.id
    tell("started the conversation, from both sides at once")
    const desk = new Desk(businessRest, conversation)
    const phone = new Phone(live, conversation, cast.worker.id)

    const greeting = await desk.say(script.greeting)
    await phone.read(greeting)
    const thanks = await phone.say(script.thanks)
    await desk.read(thanks)
    const question = await desk.say(script.question)
    await phone.read(question)
    const family = await phone.say(script.family)
    const directions = await desk.say(script.directions)
    tell("talked in a dozen scripts, with receipts for delivery and reading")

    const name = newClientMessageId()
    const combining = await desk.say(script.combining, name)
    const combiningAgain = await desk.say(script.combining, name)
    const otherName = newClientMessageId()
    const code = await phone.say(script.code, otherName)
    const codeAgain = await phone.say(script.code, otherName)
    tell("sent one message twice by REST and one twice by WebSocket, as after a lost answer")
    await phone.read(combining)
    await desk.readAll()

    await desk.archive()
    const afterwards = await phone.say(script.afterwards)
    tell("archived the conversation; the next message opened it again")
    const goodbye = await desk.say(script.goodbye)
    const last = await phone.receive(goodbye)

    return {
      cast,
      conversation,
      startedAgain: again.conversation.id,
      sent: [greeting, thanks, question, family, directions, combining, code, afterwards, goodbye],
      repeats: [
        { first: combining, ...combiningAgain },
        { first: code, ...codeAgain }
      ],
      frames: live.frames,
      seenBy: {
        business: await lookAt(businessRest, conversation, last),
        worker: await lookAt(workerRest, conversation, last)
      }
    }
  } finally {
    live.close()
  }
}
