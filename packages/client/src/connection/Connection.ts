import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Clock, Effect, Latch, type Scope } from "effect"
import { Cell } from "../Cell.ts"
import type { ConnectionState } from "../ConnectionState.ts"
import type { Observable } from "../Observable.ts"
import type { Surroundings } from "../surroundings/Surroundings.ts"
import { type AskFailure, noLine, Refused } from "./AskFailure.ts"
import { delayBefore, reconnecting } from "./Backoff.ts"
import { keepAlive } from "./KeepAlive.ts"
import { type AskedFrame, type Line, openLine } from "./Line.ts"
import type { HeardFrame } from "./ReadFrame.ts"
import { renewInTime } from "./RenewInTime.ts"
import type { NoToken, Tokens } from "./Tokens.ts"

export interface ConnectionHouse {
  readonly url: string
  readonly userId: string
  readonly tokens: Tokens
  readonly surroundings: Surroundings
  /** Every frame, in the order of the line. */
  readonly heard: (frame: HeardFrame) => void
  /** Fetches what was missed; from then on the connection is `online`. */
  readonly catchUp: (line: Line) => Effect.Effect<void, AskFailure>
}

export interface Connection {
  readonly state: Observable<ConnectionState>
  /** Over the connection that stands now, from the moment it is signed in. */
  readonly ask: (frame: AskedFrame) => Effect.Effect<HeardFrame, AskFailure>
  readonly tell: (frame: AskedFrame) => Effect.Effect<void>
  /** Waits until everything up to now is here. */
  readonly online: Effect.Effect<void>
  readonly connectNow: () => void
}

/** A line that stood so many milliseconds was a good one: the next attempt is a first one again. */
const GOOD = 5_000

/** Milliseconds after which a device that says it has no network is not believed. */
const DOUBT = 60_000

/** How an attempt ended. */
interface Ended {
  readonly failure: AskFailure | NoToken
  readonly stood: boolean
}

const refusesIdentity = ({ failure }: Ended) =>
  (failure._tag === "NoToken" && failure.signedOut) ||
  (failure._tag === "LineLost" && failure.code === CloseCode.identity) ||
  (failure._tag === "Refused" && (failure.code === "unauthenticated" || failure.code === "forbidden"))

const reasonOf = (failure: AskFailure | NoToken) => {
  switch (failure._tag) {
    case "NoToken":
      return "no token was to be had"
    case "Refused":
      return failure.detail
    case "LineLost":
      return failure.reason
    case "NoAnswer":
      return `no answer to ${failure.asked}`
  }
}

/** Connects for as long as the scope is open, again and again. */
export const makeConnection = Effect.fnUntraced(function* (
  house: ConnectionHouse
): Effect.fn.Return<Connection, never, Scope.Scope> {
  const { surroundings, tokens } = house
  const clock = yield* Clock.Clock
  const state = new Cell<ConnectionState>({ status: "connecting" })
  const online = Latch.makeUnsafe(false)
  const wake = Latch.makeUnsafe(false)
  let line: Line | undefined
  let forced = false
  let hold = 0

  const connectNow = () => {
    forced = true
    wake.openUnsafe()
  }

  let wasOnline = surroundings.isOnline()
  const stopListening = surroundings.subscribe(() => {
    if (wasOnline && !surroundings.isOnline()) line?.cut("this device has no network")
    wasOnline = surroundings.isOnline()
    if (!wasOnline) return
    if (line === undefined && surroundings.isAttended()) wake.openUnsafe()
    if (state.get().status === "offline") wake.openUnsafe()
  })
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      stopListening()
      state.set({ status: "closed" })
    })
  )

  const heard = (frame: HeardFrame) => {
    if (frame.type === "draining") hold = frame.retryAfterMs
    house.heard(frame)
  }

  /** One connection, from the first byte to its end; `stood` tells when it was good. */
  const connectOnce = (refused: string | undefined, stood: () => void) =>
    Effect.scoped(
      Effect.gen(function* () {
        const token = yield* tokens.get(refused)
        const opened = yield* openLine(house.url, heard)
        const authenticated = yield* opened.ask({ type: "authenticate", token })
        if (authenticated.type !== "authenticated" || authenticated.userId !== house.userId) {
          const detail = "the token is another person's"
          return yield* new Refused({ code: "forbidden", detail, retryAfterMs: null })
        }
        line = opened
        const since = clock.currentTimeMillisUnsafe()
        yield* Effect.forkScoped(keepAlive(opened, surroundings))
        yield* Effect.forkScoped(renewInTime(opened, tokens, token, authenticated.expiresAt))
        yield* Effect.raceFirst(house.catchUp(opened), opened.lost)
        state.set({ status: "online" })
        online.openUnsafe()
        yield* Effect.ensuring(
          opened.lost,
          Effect.sync(() => clock.currentTimeMillisUnsafe() - since >= GOOD && stood())
        )
      })
    ).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          line = undefined
          online.closeUnsafe()
        })
      )
    )

  const attempt = (refused: string | undefined) =>
    Effect.suspend(() => {
      let stood = false
      return Effect.flip(
        Effect.mapError(
          connectOnce(refused, () => {
            stood = true
          }),
          (failure): Ended => ({ failure, stood })
        )
      )
    })

  yield* Effect.forkScoped(
    Effect.gen(function* () {
      let failures = 0
      let refused: string | undefined
      for (;;) {
        if (!surroundings.isOnline() && !forced) {
          wake.closeUnsafe()
          state.set({ status: "offline" })
          // Devices are wrong about this, now and then.
          yield* Effect.raceFirst(wake.await, Effect.sleep(DOUBT))
        }
        forced = false
        hold = 0
        state.set({ status: "connecting" })
        const wasRefused = refused
        const ended: Ended = yield* attempt(refused)
        failures = ended.stood ? 1 : failures + 1
        refused = undefined
        if (refusesIdentity(ended)) {
          refused = tokens.refused()
          // A token may have expired or been revoked meanwhile: a newer one is tried at once, but one only.
          if ((wasRefused === undefined || ended.stood) && ended.failure._tag !== "NoToken") continue
          wake.closeUnsafe()
          state.set({ status: "signed-out", reason: reasonOf(ended.failure) })
          yield* wake.await
          failures = 0
          continue
        }
        if (!surroundings.isOnline()) continue
        const wait = hold + (yield* delayBefore(failures, reconnecting))
        const until = clock.currentTimeMillisUnsafe() + wait
        // Closed first: whoever hears of the state may wake it at once.
        wake.closeUnsafe()
        state.set({ status: "waiting", until, attempt: failures })
        yield* Effect.raceFirst(wake.await, Effect.sleep(wait))
      }
    })
  )

  return {
    state,
    ask: (frame) => Effect.suspend(() => line?.ask(frame) ?? Effect.fail(noLine)),
    tell: (frame) => Effect.suspend(() => line?.tell(frame) ?? Effect.void),
    online: online.await,
    connectNow
  }
})
