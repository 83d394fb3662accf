import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { ErrorCode } from "@indelible/api/realtime/ErrorCode"
import { Cause, Queue, Schema } from "effect"
import type { Outlet } from "../realtime/Outlet.ts"
import type { Refusal } from "../realtime/Session.ts"

/** The session that a stream showed was ended, by a code of `CloseCode`. */
export class SessionOver extends Schema.TaggedError<SessionOver>()("SessionOver", { code: Schema.Int }) {}

/** The session could not be caught up. */
export class NotCaughtUp extends Schema.TaggedError<NotCaughtUp>()("NotCaughtUp", {
  code: ErrorCode,
  retryAfterMs: Schema.optionalKey(Schema.Int)
}) {}

export type StreamEnd = SessionOver | NotCaughtUp

interface Hearing {
  /** The session asks whether anybody is still there. */
  readonly pinged: () => void
  readonly over: () => void
}

/** What the frames of a session flow into when a stream shows it. The session bounds what waits here. */
export class StreamOutlet implements Outlet {
  readonly OPEN = 1
  readyState: number = this.OPEN
  /** In UTF-16 units. */
  bufferedAmount = 0
  /** Nobody takes what waits: it is let go, so that the end is not behind it. */
  discards = false
  readonly #frames: Queue.Enqueue<string, StreamEnd>
  readonly #hearing: Hearing

  constructor(frames: Queue.Enqueue<string, StreamEnd>, hearing: Hearing) {
    this.#frames = frames
    this.#hearing = hearing
  }

  send(frame: string): void {
    this.bufferedAmount += frame.length
    Queue.offerUnsafe(this.#frames, frame)
  }

  /** The stream has passed a frame on. */
  taken(frame: string): void {
    this.bufferedAmount -= frame.length
  }

  close(code: number): void {
    this.discards ||= code === CloseCode.tooSlow
    this.#end(new SessionOver({ code }))
  }

  /** What is live waited for the catching up, and is let go with it. */
  refuse({ code, retryAfterMs }: Refusal): void {
    this.discards = true
    this.#end(new NotCaughtUp({ code, ...(retryAfterMs !== undefined && { retryAfterMs }) }))
  }

  #end(why: StreamEnd): void {
    if (this.readyState === this.OPEN) {
      this.readyState = 3
      Queue.failCauseUnsafe(this.#frames, Cause.fail(why))
    }
    this.#hearing.over()
  }

  ping(): void {
    this.#hearing.pinged()
  }

  terminate(): void {
    this.discards = true
    this.close(1006)
  }
}
