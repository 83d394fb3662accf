import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Cause, Queue, Schema } from "effect"
import type { Outlet } from "../realtime/Outlet.ts"

/** The session that a stream showed was ended, by a code of `CloseCode`. */
export class SessionOver extends Schema.TaggedError<SessionOver>()("SessionOver", { code: Schema.Int }) {}

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
  readonly #frames: Queue.Enqueue<string, SessionOver>
  readonly #hearing: Hearing

  constructor(frames: Queue.Enqueue<string, SessionOver>, hearing: Hearing) {
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
    if (this.readyState === this.OPEN) {
      this.readyState = 3
      this.discards = code === CloseCode.tooSlow
      Queue.failCauseUnsafe(this.#frames, Cause.fail(new SessionOver({ code })))
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
