import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import { Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Context, Deferred, Effect, FiberSet, Layer } from "effect"
import { realtimeMeasures } from "./RealtimeMeasures.ts"
import { RealtimeSettings } from "./RealtimeSettings.ts"
import type { Session, SessionHouse } from "./Session.ts"
import { Watchers } from "./Watchers.ts"

const nobody: ReadonlySet<Session> = new Set()

/** The sockets of this node, and whose they are. */
export class Sessions extends Context.Service<Sessions>()("@indelible/server/realtime/Sessions", {
  make: Effect.gen(function* () {
    const settings = yield* RealtimeSettings
    const measures = yield* realtimeMeasures
    const clock = yield* Clock.Clock
    const presence = yield* Presence
    const watchers = yield* Watchers
    const run = yield* FiberSet.makeRuntime()
    const open = new Set<Session>()
    const bySubject = new Map<SubjectId, Set<Session>>()

    const leave = (session: Session) => {
      // Its frames do not come any more, so nobody waits for them.
      for (const { arrived } of session.awaited) Deferred.doneUnsafe(arrived, Effect.void)
      const subject = session.principal?.subject
      const theirs = subject === undefined ? undefined : bySubject.get(subject)
      if (subject === undefined || theirs === undefined) return
      if (!theirs.delete(session)) return
      if (theirs.size === 0) bySubject.delete(subject)
      watchers.leave(session)
      run(presence.depart(subject))
    }

    /** Nobody waits for other nodes to be let in: a socket too many is closed when they are heard. */
    const arrive = (session: Session, subject: SubjectId) =>
      Effect.map(presence.arrive(subject), (sockets) => {
        if (sockets > settings.maxSocketsPerUser) {
          session.end(CloseCode.tooManySockets, "too many sockets of this person")
        }
      })

    const house: SessionHouse = {
      settings,
      measures,
      leave,
      now: () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    }

    return {
      house,
      /** Every socket that is not closed yet, also those without a person and those on their way out. */
      open: open as ReadonlySet<Session>,
      /** Those to which things that concern this person go. */
      of: (subject: SubjectId): ReadonlySet<Session> => bySubject.get(subject) ?? nobody,

      enter: (session: Session) => {
        open.add(session)
        measures.open(open.size)
      },
      /** Gives a socket its person; false when they have as many as one may have. */
      join: (session: Session, principal: PersonPrincipal): boolean => {
        const theirs = bySubject.get(principal.subject) ?? new Set()
        if (theirs.size >= settings.maxSocketsPerUser) return false
        session.principal = principal
        bySubject.set(principal.subject, theirs.add(session))
        run(arrive(session, principal.subject))
        return true
      },
      /** The socket is closed. */
      exit: (session: Session, code: number | "protocol-error") => {
        leave(session)
        open.delete(session)
        measures.open(open.size)
        measures.closed(session.endedBy ?? code)
      }
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
