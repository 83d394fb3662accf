import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { Principal } from "@indelible/application/identity/Principal"
import type { WebSocket } from "ws"
import type { Attended } from "../realtime/Attended.ts"
import { FrameBudget } from "../realtime/FrameBudget.ts"
import type { Session } from "../realtime/Session.ts"
import type { CallClient } from "./CallClient.ts"
import type { Call } from "./Envelope.ts"
import type { RpcSettings } from "./RpcSettings.ts"

/** What connections share. */
export interface ConnectionHouse {
  readonly settings: RpcSettings
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
  readonly open: (write: (text: string) => void, answered: () => void) => CallClient
  /** Works on a call; its client hears `answered` once, unless it is a stream. */
  readonly begin: (connection: RpcConnection, call: Call) => void
  /** From here on nothing is begun for it. */
  readonly leave: (connection: RpcConnection) => void
}

/** One WebSocket and whose calls come over it. */
export class RpcConnection implements Attended {
  readonly outlet: WebSocket
  readonly client: CallClient
  readonly openedAt: number
  principal: Principal | undefined
  endedBy: CloseCode | undefined
  endedAt = 0
  pingedAt: number
  /** The sessions that its streams show. */
  readonly follows = new Set<Session>()
  /** Calls that came while it had as many in hand as it may; no more are read until there is room. */
  readonly #waiting: Array<Call> = []
  #answersPings = true
  #inHand = 0
  #beginning = false
  #lastWords: { readonly code: CloseCode; readonly reason: string } | undefined
  readonly #strays: FrameBudget
  readonly #house: ConnectionHouse

  constructor(socket: WebSocket, house: ConnectionHouse) {
    const { strayBurst, straysPerSecond } = house.settings
    this.outlet = socket
    this.openedAt = house.now()
    this.pingedAt = this.openedAt
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

  /** A call: begun now, or when there is room. */
  take(call: Call): void {
    this.#waiting.push(call)
    this.#beginWaiting()
    // What `ws` has read already, 64 KiB at most, still comes.
    if (this.#waiting.length > 0) this.outlet.pause()
  }

  /** A stream, which is not in hand for as long as it goes on. */
  stream(call: Call): void {
    if (this.stray()) this.#house.begin(this, call)
  }

  /** Admits a message that is no call, or ends the connection. */
  stray(): boolean {
    if (this.#strays.spend(this.#house.now())) return true
    this.end(CloseCode.tooFast, "too many messages that are no calls")
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
    // A paused socket would not hear that the other side agrees.
    this.outlet.resume()
    this.outlet.close(code, reason)
  }

  #answered(): void {
    this.#inHand -= 1
    if (this.#lastWords !== undefined) this.end(this.#lastWords.code, this.#lastWords.reason)
    this.#beginWaiting()
    if (this.#waiting.length === 0 && this.outlet.isPaused) this.outlet.resume()
  }

  /** In a loop, not one from within the other: a call that is refused is answered before it is begun. */
  #beginWaiting(): void {
    if (this.#beginning) return
    this.#beginning = true
    while (this.live && this.#inHand < this.#house.settings.maxInFlight) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      this.#inHand += 1
      this.#house.begin(this, next)
    }
    this.#beginning = false
  }
}
