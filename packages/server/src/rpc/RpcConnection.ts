import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { Principal } from "@indelible/application/identity/Principal"
import type { WebSocket } from "ws"
import type { Linked } from "../realtime/ConnectionLimit.ts"
import { FrameBudget } from "../realtime/FrameBudget.ts"
import type { CaughtUpAtRate, Session } from "../realtime/Session.ts"
import type { CallClient } from "./CallClient.ts"
import type { Call, CallId } from "./Envelope.ts"
import type { RpcSettings } from "./RpcSettings.ts"

/** Cancels and receipts of a connection that may come too late, as many as it had calls but no more than this. */
const mostLate = 1_000

/** What connections share. */
export interface ConnectionHouse {
  readonly settings: RpcSettings
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
  readonly open: (write: (text: string) => void, answered: () => void) => CallClient
  /** Says that it has a call to begin. Its turn comes once, by `beginNext`. */
  readonly standInLine: (connection: RpcConnection) => void
  /** Works on a call; its client hears `answered` once, unless it is a stream. */
  readonly begin: (connection: RpcConnection, call: Call) => void
  /** Answers a call that was taken back before it was begun. */
  readonly giveUp: (connection: RpcConnection, call: Call) => void
  /** From here on nothing is begun for it. */
  readonly leave: (connection: RpcConnection) => void
}

/** One WebSocket and whose calls come over it. */
export class RpcConnection implements Linked, CaughtUpAtRate {
  /** Who only calls sees nothing of what comes meanwhile, and so counts as being away. */
  readonly link = "connection"
  readonly outlet: WebSocket
  readonly client: CallClient
  readonly openedAt: number
  principal: Principal | undefined
  endedBy: CloseCode | undefined
  endedAt = 0
  pingedAt: number
  /** The sessions that its streams show. */
  readonly follows = new Set<Session>()
  /** When they may be caught up again, by the clock of the house. */
  resumesFrom = 0
  /** Calls that wait for their turn, oldest first. */
  readonly #waiting: Array<Call> = []
  #inLine = false
  #answersPings = true
  #inHand = 0
  /** What may yet come about calls that are answered. */
  #late = 0
  #lastWords: { readonly code: CloseCode; readonly reason: string } | undefined
  readonly #pace: FrameBudget
  readonly #strays: FrameBudget
  readonly #house: ConnectionHouse

  constructor(socket: WebSocket, house: ConnectionHouse) {
    const { callBurst, callsPerSecond, strayBurst, straysPerSecond } = house.settings
    this.outlet = socket
    this.openedAt = house.now()
    this.pingedAt = this.openedAt
    this.#pace = new FrameBudget(callsPerSecond, callBurst, this.openedAt)
    this.#strays = new FrameBudget(straysPerSecond, strayBurst, this.openedAt)
    this.#house = house
    this.client = house.open(
      (text) => this.write(text),
      () => this.#answered()
    )
  }

  /** Not being read is no fault of the other side's. */
  get answersPings(): boolean {
    return this.#answersPings || this.outlet.isPaused
  }

  set answersPings(yes: boolean) {
    this.#answersPings = yes
  }

  get live(): boolean {
    return this.endedBy === undefined && this.outlet.readyState === this.outlet.OPEN
  }

  /** Whether everything is answered. */
  get idle(): boolean {
    return this.#inHand === 0 && this.#waiting.length === 0 && this.client.streams === 0
  }

  write(text: string): void {
    if (!this.live) return
    // `ws` has no back-pressure: what the peer does not read stays in our memory, so there is an end to it.
    if (this.outlet.bufferedAmount <= this.#house.settings.maxUnread) this.outlet.send(text)
    else this.end(CloseCode.tooSlow, "read faster, then connect again")
  }

  /** Milliseconds until it may begin another call. */
  get early(): number {
    return this.#pace.early(this.#house.now())
  }

  /** A call: begun when its turn comes. */
  take(call: Call): void {
    // All that strangers may do is sign in.
    if (this.principal === undefined && !this.stray()) return
    this.#paid()
    this.#waiting.push(call)
    this.#standInLine()
    // What `ws` has read already, 64 KiB at most, still comes.
    if (this.#waiting.length > this.#house.settings.maxWaiting) this.outlet.pause()
  }

  /** A stream, which is not in hand for as long as it goes on. */
  stream(call: Call): void {
    if (!this.stray()) return
    this.#paid()
    this.#house.begin(this, call)
  }

  /** Begins the call that waits longest. */
  beginNext(): void {
    this.#inLine = false
    const next = this.live ? this.#waiting.shift() : undefined
    if (next === undefined) return
    this.#pace.spend(this.#house.now())
    this.#inHand += 1
    this.#house.begin(this, next)
    this.#shortened()
    this.#standInLine()
  }

  /** Takes back a call that waits; false when none of this id does. */
  takeBack(id: CallId): boolean {
    const at = this.#waiting.findIndex((call) => call.id === id)
    const [call] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (call === undefined) return false
    this.#house.giveUp(this, call)
    this.#shortened()
    return true
  }

  /** A cancel or receipt for no call that there is. It may have crossed with an answer, but not oftener than that. */
  late(): void {
    if (this.#late > 0) this.#late -= 1
    else this.stray()
  }

  /** Admits a message that is no call, or ends the connection. */
  stray(): boolean {
    if (this.#strays.spend(this.#house.now())) return true
    this.end(CloseCode.tooFast, "too many messages that are no calls, or before signing in")
    return false
  }

  /** Ends it as soon as the call in hand is answered. */
  endWhenAnswered(code: CloseCode, reason: string): void {
    this.#lastWords = { code, reason }
  }

  end(code: CloseCode, reason: string): void {
    if (this.endedBy !== undefined) return
    this.endedBy = code
    this.endedAt = this.#house.now()
    this.#waiting.length = 0
    this.#house.leave(this)
    // The other side may take its time to agree, and all that while this person would seem to be there.
    for (const session of this.follows) session.end(code, reason)
    // A paused socket would not hear that the other side agrees.
    this.outlet.resume()
    this.outlet.close(code, reason)
  }

  #answered(): void {
    this.#inHand -= 1
    if (this.#lastWords !== undefined) this.end(this.#lastWords.code, this.#lastWords.reason)
    this.#standInLine()
  }

  #standInLine(): void {
    if (this.#inLine || !this.live || this.#waiting.length === 0) return
    if (this.#inHand >= this.#house.settings.maxInFlight) return
    this.#inLine = true
    this.#house.standInLine(this)
  }

  #shortened(): void {
    if (this.#waiting.length <= this.#house.settings.maxWaiting && this.outlet.isPaused) this.outlet.resume()
  }

  /** Each call pays for one cancel or receipt that comes when it is over. */
  #paid(): void {
    this.#late = Math.min(this.#late + 1, mostLate)
  }
}
