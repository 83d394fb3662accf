import type { PresenceView } from "@indelible/api/people/PresenceView"
import { type PersonPresence, Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"

export const presenceView = ({ lastSeenAt, online }: PersonPresence): PresenceView => ({
  online,
  lastSeenAt: lastSeenAt === null ? null : new Date(lastSeenAt).toISOString()
})

/** How it stands with people, asked for all of an answer at once. */
export const presences = Effect.map(Presence, (presence) =>
  Effect.fnUntraced(function* (subjects: ReadonlyArray<SubjectId>) {
    const found = yield* presence.of([...new Set(subjects)])
    return (subject: SubjectId): PresenceView | null => {
      const one = found.get(subject)
      return one === undefined ? null : presenceView(one)
    }
  })
)
