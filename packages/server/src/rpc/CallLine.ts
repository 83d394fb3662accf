import { Duration, Effect, FiberSet, Queue } from "effect"
import type { RpcConnection } from "./RpcConnection.ts"

/** Calls that are begun in a row; then whatever else this process has to do gets its turn. */
const slice = 8

/**
 * Begins the calls of all connections, in one loop, and answers how a connection gets into it:
 *
 * - **Fair**: connections with something to begin stand in one line, each once, and begin one call a turn.
 * - **Paced**: whoever calls faster than the rate waits for it, and is not refused.
 * - **In slices**: what is refused is answered before it is begun, so a flood of that would let nothing else happen.
 *
 * @param hurried nobody waits for the rate any more: what is left is refused
 */
export const callLine = Effect.fnUntraced(function* (hurried: () => boolean) {
  // No longer than the connections are many.
  const line = yield* Queue.unbounded<RpcConnection>()
  const run = yield* FiberSet.makeRuntime()

  const turn = (connection: RpcConnection) => {
    const early = hurried() ? 0 : connection.early
    if (early === 0) return connection.beginNext()
    run(
      Effect.delay(
        Effect.sync(() => Queue.offerUnsafe(line, connection)),
        Duration.millis(early)
      )
    )
  }

  yield* Queue.takeBetween(line, 1, slice).pipe(
    Effect.tap((turns) => Effect.sync(() => turns.forEach(turn))),
    Effect.andThen(Effect.yieldNow),
    Effect.forever,
    Effect.forkScoped
  )
  return (connection: RpcConnection): void => void Queue.offerUnsafe(line, connection)
})
