import { Effect, Queue } from "effect"

/** What waits for one lane of the network is sent in batches: the slower it is, the larger they are. */
const mostInBatch = 128

/** Room that several outboxes share. */
export class Room {
  #free: number

  constructor(bytes: number) {
    this.#free = bytes
  }

  take(bytes: number): boolean {
    if (bytes > this.#free) return false
    this.#free -= bytes
    return true
  }

  give(bytes: number): void {
    this.#free += bytes
  }
}

export interface Outbox {
  /** False when there is no room for it. Never waits. */
  readonly put: (frame: Buffer) => boolean
}

/**
 * Sends what is put into it, one batch after the other, as long as the scope lives.
 *
 * @param send must not fail, and ends in bounded time
 */
export const makeOutbox = Effect.fnUntraced(function* (
  room: Room,
  send: (frames: ReadonlyArray<Buffer>) => Effect.Effect<void>
) {
  const waiting = yield* Queue.unbounded<Buffer>()
  yield* Queue.takeBetween(waiting, 1, mostInBatch).pipe(
    Effect.flatMap((frames) =>
      Effect.ensuring(
        send(frames),
        Effect.sync(() => room.give(frames.reduce((sum, { length }) => sum + length, 0)))
      )
    ),
    Effect.forever,
    Effect.forkScoped
  )
  return {
    put: (frame) => room.take(frame.length) && Queue.offerUnsafe(waiting, frame)
  } satisfies Outbox
})
