import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { Clock, Deferred, Effect, type Scope } from "effect"
import { type AskFailure, LineLost, NoAnswer, Refused } from "./AskFailure.ts"
import { Pace } from "./Pace.ts"
import { type HeardFrame, readFrame } from "./ReadFrame.ts"

type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never

/** A frame to the service; the line gives it its id. */
export type AskedFrame = WithoutId<ClientFrame>

/** One connection, from its opening to its end. */
export interface Line {
  /** Sends a frame and waits for its answer. */
  readonly ask: (frame: AskedFrame) => Effect.Effect<HeardFrame, AskFailure>
  /** Sends a frame of which no answer is wanted; nothing happens where the line is gone. */
  readonly tell: (frame: AskedFrame) => Effect.Effect<void>
  /** Fails when the line is gone, and not before. */
  readonly lost: Effect.Effect<never, LineLost>
  /** Ends it from this side, at once. */
  readonly cut: (reason: string) => void
  /** When anything was last heard, by the clock's milliseconds. */
  readonly heardAt: () => number
}

/** Milliseconds for an answer. The service itself gives up a command after 2 s. */
const PATIENCE = 10_000
const OPENING = 10_000

/** undefined: this page may not, as one with https may not connect without. */
const connecting = (url: string): WebSocket | undefined => {
  try {
    return new WebSocket(url)
  } catch {
    return undefined
  }
}

/** Makes a connection, and ends it with the scope. `heard` gets every frame, in order, before who asked for it. */
export const openLine = Effect.fnUntraced(function* (
  url: string,
  heard: (frame: HeardFrame) => void
): Effect.fn.Return<Line, LineLost, Scope.Scope> {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const lost = Deferred.makeUnsafe<never, LineLost>()
  const opened = Deferred.makeUnsafe<void>()
  const asked = new Map<string, Deferred.Deferred<HeardFrame, AskFailure>>()
  const pace = new Pace(25, 40)
  let heardAt = now()
  let asks = 0

  const end = (code: number, reason: string) => {
    const gone = new LineLost({ code, reason })
    if (!Deferred.doneUnsafe(lost, Effect.fail(gone))) return
    for (const waiting of asked.values()) Deferred.doneUnsafe(waiting, Effect.fail(gone))
    asked.clear()
  }

  const take = (data: unknown) => {
    heardAt = now()
    const frame = typeof data === "string" ? readFrame(data) : undefined
    if (frame === undefined || Deferred.isDoneUnsafe(lost)) return
    heard(frame)
    const id = "id" in frame ? frame.id : undefined
    const waiting = id === undefined ? undefined : asked.get(id)
    if (id === undefined || waiting === undefined) return
    asked.delete(id)
    Deferred.doneUnsafe(
      waiting,
      frame.type === "error"
        ? Effect.fail(
            new Refused({
              code: frame.code,
              detail: frame.message,
              retryAfterMs: frame.retryAfterMs ?? null
            })
          )
        : Effect.succeed(frame)
    )
  }

  const socket = yield* Effect.acquireRelease(
    Effect.suspend(() => {
      const socket = connecting(url)
      if (socket === undefined)
        return Effect.fail(new LineLost({ code: 1006, reason: "no connection is allowed" }))
      socket.onopen = () => Deferred.doneUnsafe(opened, Effect.void)
      socket.onmessage = ({ data }) => take(data)
      socket.onclose = ({ code, reason }) => end(code, reason === "" ? `closed with ${code}` : reason)
      // What went wrong is not told to pages; `close` follows.
      socket.onerror = () => {}
      return Effect.succeed(socket)
    }),
    (socket) =>
      Effect.sync(() => {
        end(1000, "closed from this side")
        socket.close()
      })
  )

  const send = Effect.fnUntraced(function* (frame: AskedFrame, id: string | undefined) {
    const wait = pace.take(now())
    if (wait > 0) yield* Effect.sleep(wait)
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ...frame, id }))
  })

  yield* Effect.raceFirst(Deferred.await(opened), Deferred.await(lost)).pipe(
    Effect.timeoutOrElse({
      duration: OPENING,
      orElse: () => Effect.fail(new LineLost({ code: 1006, reason: "no connection was made in time" }))
    })
  )

  return {
    ask: Effect.fnUntraced(function* (frame) {
      asks += 1
      const id = String(asks)
      const answer = Deferred.makeUnsafe<HeardFrame, AskFailure>()
      if (Deferred.isDoneUnsafe(lost)) return yield* Deferred.await(lost)
      asked.set(id, answer)
      yield* send(frame, id)
      return yield* Deferred.await(answer).pipe(
        Effect.timeoutOrElse({
          duration: PATIENCE,
          orElse: () => Effect.fail(new NoAnswer({ asked: frame.type }))
        }),
        Effect.ensuring(Effect.sync(() => asked.delete(id)))
      )
    }),
    tell: (frame) => send(frame, undefined),
    lost: Deferred.await(lost),
    cut: (reason) => {
      end(1006, reason)
      socket.close()
    },
    heardAt: () => heardAt
  }
})
