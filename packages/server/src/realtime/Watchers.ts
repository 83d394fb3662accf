import { type PersonPresence, Presence, type PresenceChange } from "@indelible/application/live/Presence"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, FiberSet, Layer, Stream } from "effect"
import type { Counterpart } from "./Counterpart.ts"
import { presenceFrame } from "./PresenceFrames.ts"
import { realtimeMeasures } from "./RealtimeMeasures.ts"
import type { Session } from "./Session.ts"

interface Watched {
  readonly userId: string
  readonly sessions: Set<Session>
  /** As the sessions were told; undefined until it is known. */
  presence: PersonPresence | undefined
}

const unknown: PersonPresence = { online: false, lastSeenAt: null }

/**
 * Which sessions have a conversation open with whom, so that they hear of that person's coming and going. It grows with
 * open conversations, not with sockets.
 */
export class Watchers extends Context.Service<Watchers>()("@indelible/server/realtime/Watchers", {
  make: Effect.gen(function* () {
    const presence = yield* Presence
    const measures = yield* realtimeMeasures
    const run = yield* FiberSet.makeRuntime()
    const watched = new Map<SubjectId, Watched>()

    const tell = ({ subject, ...change }: PresenceChange) => {
      const entry = watched.get(subject)
      if (entry === undefined) return
      entry.presence = change
      const frame = JSON.stringify(presenceFrame(entry.userId, change))
      for (const session of entry.sessions) session.sendText(frame)
    }
    yield* Effect.forkScoped(Stream.runForEach(presence.changes, (change) => Effect.sync(() => tell(change))))

    const enter = (session: Session, subject: SubjectId, userId: string) => {
      const entry = watched.get(subject) ?? { userId, sessions: new Set(), presence: undefined }
      watched.set(subject, entry)
      measures.watched(watched.size)
      entry.sessions.add(session)
      return entry
    }

    const leave = (session: Session, subject: SubjectId) => {
      const entry = watched.get(subject)
      if (entry === undefined || !entry.sessions.delete(session) || entry.sessions.size > 0) return
      watched.delete(subject)
      measures.watched(watched.size)
      run(presence.unwatch(subject))
    }

    return {
      /** Opens a conversation on a session, which from here on hears of the other person; answers how it stands. */
      open: Effect.fnUntraced(function* (session: Session, conversation: ConversationId, other: Counterpart) {
        // Whoever is gone would stay for ever.
        if (!session.live) return unknown
        session.joined ??= new Map()
        session.joined.set(conversation, other)
        if (other.userId === null) return unknown
        const entry = enter(session, other.subject, other.userId)
        if (entry.presence === undefined) {
          const now = yield* presence.watch(other.subject)
          // What was told meanwhile is newer.
          entry.presence ??= now
        }
        return entry.presence
      }),

      close: (session: Session, conversation: ConversationId) => {
        const other = session.joined?.get(conversation)
        if (other === undefined || session.joined === undefined) return
        session.joined.delete(conversation)
        const again = [...session.joined.values()].some(({ subject }) => subject === other.subject)
        if (!again) leave(session, other.subject)
      },

      /** The session is over. */
      leave: (session: Session) => {
        for (const { subject } of session.joined?.values() ?? []) leave(session, subject)
      }
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
