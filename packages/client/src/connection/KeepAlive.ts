import { Clock, Effect } from "effect"
import type { Surroundings } from "../surroundings/Surroundings.ts"
import type { Line } from "./Line.ts"

/** Milliseconds of silence after which the line is asked whether it stands, and that the answer may take. */
const SILENCE = 20_000
const ANSWER = 5_000

/** The device was woken, or its network changed. */
const stirred = (surroundings: Surroundings) =>
  Effect.callback<void>((resume) => {
    const stop = surroundings.subscribe(() => resume(Effect.void))
    return Effect.sync(stop)
  })

/**
 * Finds out that a line is dead whose other end never said so, as after sleep or a change of networks: pages do not see
 * the protocol's own pings.
 */
export const keepAlive = Effect.fnUntraced(function* (line: Line, surroundings: Surroundings) {
  const clock = yield* Clock.Clock
  const silence = () => clock.currentTimeMillisUnsafe() - line.heardAt()
  for (;;) {
    const woken = yield* Effect.raceFirst(
      Effect.as(stirred(surroundings), true),
      Effect.as(Effect.sleep(Math.max(1_000, SILENCE - silence())), false)
    )
    if (silence() < (woken ? 1_000 : SILENCE)) continue
    yield* Effect.timeout(line.ask({ type: "ping" }), ANSWER).pipe(
      // Behind much else the answer takes its time: what comes shows that the line stands.
      Effect.catch(() => Effect.sync(() => silence() >= ANSWER && line.cut("the other end is silent")))
    )
  }
})
