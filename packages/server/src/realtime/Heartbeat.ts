import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Clock, Effect, Schedule } from "effect"
import type { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"

/** Everything that a socket may overstay is found by this much later. */
const every = "250 millis"

/**
 * One timer for all sockets: cuts those that never say who they are, whose token ran out, who do not answer pings, and
 * who do not let themselves be closed.
 */
export const heartbeat = Effect.gen(function* () {
  const { house, open } = yield* Sessions
  const clock = yield* Clock.Clock
  const { authenticateWithin, closeWithin, pingEvery } = house.settings

  const look = (session: Session, now: number, time: number) => {
    if (session.endedBy !== undefined) {
      if (now - session.endedAt > closeWithin) session.outlet.terminate()
    } else if (session.principal === undefined) {
      if (now - session.openedAt >= authenticateWithin) {
        session.end(CloseCode.identity, "no token in time")
      }
    } else if (time >= session.principal.expiresAt) {
      session.end(CloseCode.identity, "the token ran out")
    } else if (now - session.pingedAt >= pingEvery) {
      if (!session.answersPings) return session.outlet.terminate()
      session.answersPings = false
      session.pingedAt = now
      session.outlet.ping()
    }
  }

  const round = Effect.sync(() => {
    const now = house.now()
    const time = clock.currentTimeMillisUnsafe()
    for (const session of open) look(session, now, time)
  })
  yield* Effect.forkScoped(Effect.repeat(round, Schedule.spaced(every)))
})
