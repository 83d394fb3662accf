import { type DirectoryUnavailable, People } from "@indelible/application/people/People"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Context, Effect, Layer } from "effect"
import type { UserIdOf } from "./EventFrames.ts"

/** Milliseconds: how long an erased person may still be named in a live frame. */
const kept = 5_000
const capacity = 20_000

/** The platform's ids of people, asked for in one query for many and remembered for 5 s, with those who have none. */
export class UserIds extends Context.Service<UserIds>()("@indelible/server/realtime/UserIds", {
  make: Effect.gen(function* () {
    const { bySubjects } = yield* People
    const known = new Map<SubjectId, { readonly userId: string | undefined; readonly until: bigint }>()

    return Effect.fnUntraced(function* (
      subjects: Iterable<SubjectId>
    ): Effect.fn.Return<UserIdOf, DirectoryUnavailable> {
      const now = yield* Clock.monotonicTimeNanos
      const answer = new Map<SubjectId, string | undefined>()
      for (const subject of subjects) {
        const found = known.get(subject)
        if (found !== undefined && found.until > now) answer.set(subject, found.userId)
      }
      const missing = [...new Set(subjects)].filter((subject) => !answer.has(subject))
      if (missing.length > 0) {
        const found = yield* bySubjects(missing)
        // Rather asked again than grown without end.
        if (known.size + missing.length > capacity) known.clear()
        const until = now + BigInt(kept) * 1_000_000n
        for (const subject of missing) {
          const userId = found.get(subject)?.userId
          known.set(subject, { userId, until })
          answer.set(subject, userId)
        }
      }
      // Not from what is remembered: others may have cleared it meanwhile.
      return (subject) => answer.get(subject)
    })
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
