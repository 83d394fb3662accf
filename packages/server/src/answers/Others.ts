import type { ConversationView } from "@indelible/api/conversation/ConversationView"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import { names } from "./Names.ts"
import { presences } from "./PresenceViews.ts"

/** The other person of a conversation, as a conversation shows them. */
export type OtherOf = (subject: SubjectId) => Pick<ConversationView, "other" | "presence">

/** The other people of a whole answer; of who was erased there is nothing to tell. */
export const others = Effect.gen(function* () {
  const namesOf = yield* names
  const presencesOf = yield* presences
  return Effect.fnUntraced(function* (subjects: ReadonlyArray<SubjectId>) {
    const [nameOf, presenceOf] = yield* Effect.all([namesOf(subjects), presencesOf(subjects)], {
      concurrency: "unbounded"
    })
    const otherOf: OtherOf = (subject) => {
      const other = nameOf(subject)
      return { other, presence: other.userId === null ? null : presenceOf(subject) }
    }
    return otherOf
  })
})
