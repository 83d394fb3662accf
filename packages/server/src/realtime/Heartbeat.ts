import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Clock, Effect, Schedule } from "effect"
import type { Attended } from "./Attended.ts"
import type { RealtimeSettings } from "./RealtimeSettings.ts"

/** Everything that a connection may overstay is found by this much later. */
const every = "250 millis"

type Patience = Pick<RealtimeSettings, "authenticateWithin" | "closeWithin" | "pingEvery">

/**
 * One timer for all connections: cuts those that never say who they are, whose token ran out, who do not answer pings,
 * and who do not let themselves be closed.
 */
export const heartbeat = Effect.fnUntraced(function* (
  open: Iterable<Attended>,
  { authenticateWithin, closeWithin, pingEvery }: Patience
) {
  const clock = yield* Clock.Clock

  const look = (each: Attended, now: number, time: number) => {
    if (each.endedBy !== undefined) {
      if (now - each.endedAt > closeWithin) each.outlet.terminate()
    } else if (each.principal === undefined) {
      if (now - each.openedAt >= authenticateWithin) each.end(CloseCode.identity, "no token in time")
    } else if (time >= each.principal.expiresAt) {
      each.end(CloseCode.identity, "the token ran out")
    } else if (now - each.pingedAt >= pingEvery) {
      if (!each.answersPings) return each.outlet.terminate()
      each.answersPings = false
      each.pingedAt = now
      each.outlet.ping()
    }
  }

  const round = Effect.sync(() => {
    const now = Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    const time = clock.currentTimeMillisUnsafe()
    for (const each of open) look(each, now, time)
  })
  yield* Effect.forkScoped(Effect.repeat(round, Schedule.spaced(every)))
})
