import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Latch } from "effect"
import type { Seed } from "../../torture/Seed.ts"
import type { LineOf, Seen, Via } from "../history/Line.ts"
import type { Recorder } from "../history/Recorder.ts"
import { hashOf, type Message } from "./Message.ts"
import { type Attempted, refused, unanswered } from "./Outcome.ts"
import type { Person } from "./Person.ts"
import { recorded, type Sender } from "./Sender.ts"
import { type Durable, isDurable, Thread } from "./Thread.ts"
import type { Answer, Wire } from "./Wire.ts"

/** A way into a node. */
export interface Entrance {
  readonly node: string
  readonly port: number
}

export interface DeviceOptions {
  readonly name: string
  readonly person: Person
  /** Where it connects: to the first, unless that one does not answer. */
  readonly entrances: readonly [Entrance, ...ReadonlyArray<Entrance>]
  readonly recorder: Recorder
  readonly seed: Seed
  /** Whether it counts as there only when it has caught up: megabytes take longer than a message may. */
  readonly thereWhenComplete?: boolean
}

const seenIn = (frame: Durable): Seen => ({
  pos: frame.pos,
  key: "clientMessageId" in frame ? (frame.clientMessageId ?? null) : null,
  hash: "text" in frame && frame.text !== null ? hashOf(frame.text) : null
})

/** Messages of one conversation among which a person chooses up to where to read. */
const remembered = 4

const isMessage = ({ type }: Durable) => type === "message_received" || type === "message_sent"

/** What an answer to a send says. */
const attempted = (answer: Answer): Attempted => {
  switch (answer.type) {
    case "message_sent": {
      const { pos, sentAt, tag } = answer
      return { phase: "ok", pos, tag, at: sentAt, repeat: answer.repeat === true }
    }
    case "error":
      return refused(answer.code)
    case "none":
      return unanswered(answer.why)
    default:
      return unanswered(`answered by ${answer.type}`)
  }
}

/** What somebody's device knows, and how it hears and speaks. `DeviceLife` is what it does by itself. */
export class Device implements Sender {
  readonly options: DeviceOptions
  readonly name: string
  readonly person: Person
  readonly threads: ReadonlyMap<string, Thread>
  /** Open while it is signed in. */
  readonly up = Latch.makeUnsafe(false)
  /** Opened when something may be missing. */
  readonly missing = Latch.makeUnsafe(false)
  /** By conversation: the newest messages of the other side that it has, the newest last. */
  readonly theirs = new Map<string, ReadonlyArray<number>>()
  /** Between a `resume` and its answer, and before the first one: frames may then come again. */
  resuming = true
  /** It had everything once: whatever it asks for from then on it had missed. */
  wasComplete = false
  /** How the server wished it to wait before it connects again, in milliseconds; 0: it did not say. */
  returnAfter = 0
  /** Attempts to connect since the last one that succeeded. */
  failures = 0
  entrance: Entrance
  wire: Wire | undefined
  /** By conversation: the last frame of an event, taken or not. */
  readonly #heard = new Map<string, number>()
  #session = 0
  /** Whether it was noted that it is connected. */
  #there = false

  constructor(options: DeviceOptions) {
    this.options = options
    this.name = options.name
    this.person = options.person
    this.entrance = options.entrances[0]
    this.threads = new Map(options.person.conversations.map((conv) => [conv, new Thread()]))
  }

  get connected(): Effect.Effect<void> {
    return this.up.await
  }

  get isConnected(): boolean {
    return Latch.isOpen(this.up)
  }

  attempt(message: Message): Effect.Effect<Attempted> {
    const { conv, key, text } = message
    const frame = {
      type: "send_message",
      conversationId: ConversationId.make(conv),
      clientMessageId: ClientMessageId.make(key),
      text
    } as const
    return recorded(this.options.recorder, this, message, Effect.map(this.ask(frame), attempted))
  }

  ask(frame: ClientFrame): Effect.Effect<Answer> {
    return Effect.suspend(() => this.wire?.ask(frame) ?? Effect.succeed({ type: "none", why: "cut" }))
  }

  hear(frame: ServerFrame): void {
    if (isDurable(frame)) this.#hearEvent(frame)
    else if (frame.type === "authenticated") this.#signedIn()
    else if (frame.type === "draining") this.returnAfter = frame.retryAfterMs
    else if (frame.type === "unread_total") this.badge(null, null, frame.unread)
    // It comes with the event that changed it.
    else if (frame.type === "unread_count") {
      this.badge(frame.conversationId, this.#heard.get(frame.conversationId) ?? null, frame.unread)
    }
  }

  ended(code: number): void {
    if (!this.isConnected) return
    this.up.closeUnsafe()
    if (this.#there) this.#note({ phase: "info", code })
    this.#there = false
  }

  /** It has everything up to the moment. */
  complete(): void {
    this.wasComplete = true
    this.#arrive()
  }

  /** Shows a number of unread messages, in all conversations or as it was after an event of one. */
  badge(conv: string | null, pos: number | null, unread: number): void {
    const line = { proc: this.name, op: "badge", phase: "ok", user: this.person.userId } as const
    this.options.recorder.record({ ...line, conv, pos, unread })
  }

  /** Is told that the log does not have what it has: nothing that anybody was shown may ever go. */
  takenBack(conv: string, state: LineOf<"taken back">["state"]): void {
    this.options.recorder.record({ proc: this.name, op: "taken back", phase: "info", conv, state })
  }

  #hearEvent(frame: Durable): void {
    const { conversationId: conv, type: kind } = frame
    const thread = this.threads.get(conv)
    if (thread === undefined) return
    const { recorder } = this.options
    this.#heard.set(conv, frame.pos)
    const seen = seenIn(frame)
    const via: Via = this.resuming ? (this.wasComplete ? "resume" : "start") : "live"
    recorder.record({
      proc: this.name,
      op: "frame",
      phase: "ok",
      session: this.#session,
      conv,
      kind,
      via,
      ...seen,
      seq: "seq" in frame ? frame.seq : null,
      sender: "sender" in frame ? frame.sender : null
    })
    const taken = thread.offer(frame)
    if (thread.hasGap && !this.resuming) this.missing.openUnsafe()
    if (!taken || !isMessage(frame)) return
    if (frame.type === "message_received" && frame.sender !== this.person.userId) {
      this.theirs.set(conv, [...(this.theirs.get(conv) ?? []), frame.pos].slice(-remembered))
    }
    recorder.record({ proc: this.name, op: "take", phase: "ok", conv, via, seen: [seen] })
  }

  #signedIn(): void {
    this.#session = this.options.recorder.next()
    this.failures = 0
    this.resuming = true
    if (this.options.thereWhenComplete !== true) this.#arrive()
    this.up.openUnsafe()
    this.missing.openUnsafe()
  }

  #arrive(): void {
    if (this.#there) return
    this.#there = true
    this.#note({ phase: "ok" })
  }

  #note(what: { readonly phase: "ok" } | { readonly phase: "info"; readonly code: number }): void {
    const { node } = this.entrance
    const line = {
      proc: this.name,
      op: "session",
      session: this.#session,
      user: this.person.userId,
      node
    } as const
    this.options.recorder.record({ ...line, ...what })
  }
}
