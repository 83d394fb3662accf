import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { SessionWatch } from "@indelible/application/identity/SessionWatch"
import { sessionEnd } from "@indelible/application/identity/Standing"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Stream } from "effect"
import type { Attended } from "./Attended.ts"

/** What a person may not do any more, no connection of theirs may. */
export const endWithStanding = (of: (subject: SubjectId) => Iterable<Attended>) =>
  Effect.flatMap(SessionWatch, ({ changes }) =>
    changes.pipe(
      Stream.runForEach((standing) =>
        Effect.sync(() => {
          for (const each of of(standing.subject)) {
            const { principal } = each
            if (principal?.subject !== standing.subject) continue
            if (sessionEnd(standing, principal) !== undefined) each.end(CloseCode.identity, "sign in again")
          }
        })
      ),
      Effect.forkScoped
    )
  )
