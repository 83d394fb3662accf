import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { ErrorFrame, ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { WebSocket } from "ws"
import type { AwaitedFrame } from "./AwaitedFrame.ts"
import { FrameBudget } from "./FrameBudget.ts"
import type { RealtimeMeasures } from "./RealtimeMeasures.ts"
import type { RealtimeSettings } from "./RealtimeSettings.ts"

/** Why a frame was refused, as its sender is told. */
export type Refusal = Omit<typeof ErrorFrame.Type, "type" | "id">

/** What sessions share. */
export interface SessionHouse {
  readonly settings: RealtimeSettings
  readonly measures: RealtimeMeasures
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
  /** From here on nothing is delivered to it. */
  readonly leave: (session: Session) => void
}

/**
 * One socket and the person at its other end, once known. It owns no fiber, queue or timer, so ten thousand idle ones
 * cost memory only, and little of that.
 */
export class Session {
  readonly socket: WebSocket
  readonly openedAt: number
  principal: PersonPrincipal | undefined
  /** Why this side ended it; the other side may take its time to agree. */
  endedBy: CloseCode | undefined
  endedAt = 0
  pingedAt: number
  /** Whether the last ping was answered. */
  answersPings = true
  /** Frames that wait for the one before them, oldest first. */
  readonly waiting: Array<string> = []
  /** Whether the dispatcher has it in hand. */
  inHand = false
  /** What the command in flight will be answered with. */
  awaited: AwaitedFrame | undefined
  /** Made when first needed: most sockets of a web page join one conversation, most others none. */
  joined: Set<ConversationId> | undefined
  readonly #budget: FrameBudget
  readonly #house: SessionHouse

  constructor(socket: WebSocket, house: SessionHouse) {
    const { framesPerSecond, frameBurst } = house.settings
    this.socket = socket
    this.openedAt = house.now()
    this.pingedAt = this.openedAt
    this.#budget = new FrameBudget(framesPerSecond, frameBurst, this.openedAt)
    this.#house = house
  }

  /** Whether this side still listens and speaks. */
  get live(): boolean {
    return this.endedBy === undefined && this.socket.readyState === this.socket.OPEN
  }

  /** Admits one more inbound frame, or ends the session. */
  admit(): boolean {
    if (!this.live) return false
    if (this.#budget.spend(this.#house.now()) && !this.#overfull()) return true
    this.end(CloseCode.tooFast, "too many frames")
    return false
  }

  /** The same for a frame that goes to several sockets, so that it is written out once. */
  sendText(frame: string): void {
    if (!this.live) return
    this.socket.send(frame)
    this.#house.measures.sent()
    this.#overfull()
  }

  /** Answers a frame, under the id that it came with. */
  answer(id: string | undefined, frame: ServerFrame): void {
    this.sendText(JSON.stringify(id === undefined ? frame : { ...frame, id }))
  }

  refuse(id: string | undefined, refusal: Refusal): void {
    this.answer(id, { type: "error", ...refusal })
  }

  /** Says goodbye with a reason. Nothing is delivered and nothing is taken from here on. */
  end(code: CloseCode, reason: string): void {
    if (this.endedBy !== undefined) return
    this.endedBy = code
    this.endedAt = this.#house.now()
    this.#house.leave(this)
    this.socket.close(code, reason)
  }

  /** `ws` has no back-pressure: what the peer does not read stays in our memory, so there is an end to it. */
  #overfull(): boolean {
    if (this.socket.bufferedAmount <= this.#house.settings.maxUnread) return false
    this.end(CloseCode.tooSlow, "read faster, then connect again")
    return true
  }
}
