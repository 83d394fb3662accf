import { type DirectoryUnavailable, People } from "@indelible/application/people/People"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect } from "effect"
import type { UserIdOf } from "./EventFrames.ts"

/** Milliseconds: how long an erased person may still be named in a live frame. */
const kept = 5_000
const capacity = 20_000

/** The platform's ids of people, asked for in one query for many and remembered for 5 s, with those who have none. */
export const makeUserIds = Effect.gen(function* () {
  const { bySubjects } = yield* People
  const known = new Map<SubjectId, { readonly userId: string | undefined; readonly until: bigint }>()

  return Effect.fnUntraced(function* (
    subjects: Iterable<SubjectId>
  ): Effect.fn.Return<UserIdOf, DirectoryUnavailable> {
    const now = yield* Clock.monotonicTimeNanos
    const missing = [...new Set(subjects)].filter((subject) => (known.get(subject)?.until ?? 0n) <= now)
    if (missing.length > 0) {
      const found = yield* bySubjects(missing)
      // Rather asked again than grown without end.
      if (known.size + missing.length > capacity) known.clear()
      const until = now + BigInt(kept) * 1_000_000n
      for (const subject of missing) known.set(subject, { userId: found.get(subject)?.userId, until })
    }
    return (subject) => known.get(subject)?.userId
  })
})
