import { Clock, Effect } from "effect"
import type { Line } from "./Line.ts"
import type { Tokens } from "./Tokens.ts"

/** Milliseconds before the end of a token at which the next is asked for; half of what is left, when that is less. */
const AHEAD = 60_000

/** Keeps a session alive beyond its token. What fails here shows when the session ends. */
export const renewInTime = Effect.fnUntraced(
  function* (line: Line, tokens: Tokens, first: string, firstExpiry: string) {
    const clock = yield* Clock.Clock
    let token = first
    let expiresAt = firstExpiry
    for (;;) {
      const left = Date.parse(expiresAt) - clock.currentTimeMillisUnsafe()
      // Not left: this device's clock is wrong, and the service knows better when the session ends.
      yield* Effect.sleep(
        left > 0 ? Math.max(1_000, Math.min(2 ** 31 - 1, left - Math.min(AHEAD, left / 2))) : AHEAD
      )
      token = yield* tokens.get(token)
      const answer = yield* line.ask({ type: "authenticate", token })
      if (answer.type !== "authenticated") return
      expiresAt = answer.expiresAt
    }
  },
  Effect.catch(() => Effect.void)
)
