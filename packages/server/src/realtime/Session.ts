import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { ErrorFrame, ServerFrame } from "@indelible/api/realtime/ServerFrame"
import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import type { Link } from "@indelible/application/live/Presence"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { AwaitedFrame } from "./AwaitedFrame.ts"
import { CatchUp, type PlacedFrame } from "./CatchUp.ts"
import type { Counterpart } from "./Counterpart.ts"
import { FrameBudget } from "./FrameBudget.ts"
import type { Outlet } from "./Outlet.ts"
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

/** What is caught up at one rate, over however many sessions. */
export interface CaughtUpAtRate {
  /** When it may be caught up again, by the clock of the house. */
  resumesFrom: number
}

/** A frame written out, under the id of the one that it answers. */
export const answering = (id: string | undefined, frame: ServerFrame): string =>
  JSON.stringify(id === undefined ? frame : { ...frame, id })

/**
 * One connection and the person at its other end, once known. It owns no fiber, queue or timer, so ten thousand idle ones
 * cost memory only, and little of that.
 */
export class Session {
  readonly outlet: Outlet
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
  /** What the commands in flight will be answered with. */
  readonly awaited: Array<AwaitedFrame> = []
  /** With whom. Made when first needed: most sockets of a web page join one conversation, most others none. */
  joined: Map<ConversationId, Counterpart> | undefined
  resumesFrom = 0
  /** Itself, unless its connection shows several sessions. */
  readonly caughtUpWith: CaughtUpAtRate
  /** Conversations that it is being caught up in, or was a moment ago. */
  #catchUps: Map<ConversationId, CatchUp> | undefined
  readonly #budget: FrameBudget
  readonly #house: SessionHouse

  constructor(outlet: Outlet, house: SessionHouse, caughtUpWith?: CaughtUpAtRate) {
    const { framesPerSecond, frameBurst } = house.settings
    this.outlet = outlet
    this.caughtUpWith = caughtUpWith ?? this
    this.openedAt = house.now()
    this.pingedAt = this.openedAt
    this.#budget = new FrameBudget(framesPerSecond, frameBurst, this.openedAt)
    this.#house = house
  }

  get link(): Link {
    return "both"
  }

  /** Whether this side still listens and speaks. */
  get live(): boolean {
    return this.endedBy === undefined && this.outlet.readyState === this.outlet.OPEN
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
    this.outlet.send(frame)
    this.#house.measures.sent()
    this.#overfull()
  }

  /** A frame of an event, in its turn. */
  sendPlaced(conversation: ConversationId, frame: PlacedFrame): void {
    const catchUp = this.#catchUps?.get(conversation)
    if (catchUp === undefined) this.#goOut(frame)
    else if (catchUp.admits(frame)) {
      this.#catchUps?.delete(conversation)
      this.#goOut(frame)
    } else if (catchUp.waiting > this.#house.settings.maxUnread) {
      this.end(CloseCode.tooSlow, "too much happened meanwhile; connect again")
    }
  }

  /** From here on live frames of this conversation wait for `caughtUp`. */
  catchUp(conversation: ConversationId): void {
    this.#catchUps ??= new Map()
    this.#catchUps.set(conversation, new CatchUp())
  }

  /**
   * Everything up to `pos` was sent as it was read. What waited follows.
   *
   * @param isLast nothing up to there will come live any more
   */
  caughtUp(conversation: ConversationId, pos: number, isLast: boolean): void {
    const catchUp = this.#catchUps?.get(conversation)
    if (catchUp === undefined) return
    const rest = catchUp.end(pos)
    for (const frame of rest) this.#goOut(frame)
    if (isLast || rest.length > 0) this.#catchUps?.delete(conversation)
  }

  /** The reading did not get to the end: what comes live is known to have a gap before it. */
  leftBehind(conversation: ConversationId): void {
    this.#catchUps?.delete(conversation)
  }

  /** Answers a frame, under the id that it came with. */
  answer(id: string | undefined, frame: ServerFrame): void {
    this.sendText(answering(id, frame))
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
    this.outlet.close(code, reason)
  }

  #goOut({ along, text }: PlacedFrame): void {
    this.sendText(text)
    if (along !== undefined) this.sendText(along)
  }

  /** `ws` has no back-pressure: what the peer does not read stays in our memory, so there is an end to it. */
  #overfull(): boolean {
    if (this.outlet.bufferedAmount <= this.#house.settings.maxUnread) return false
    this.end(CloseCode.tooSlow, "read faster, then connect again")
    return true
  }
}
