import type { PersonView } from "@indelible/api/conversation/ConversationView"
import { People } from "@indelible/application/people/People"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { readable } from "@indelible/domain/text/ReadableText"
import { Effect } from "effect"

const erased: PersonView = { userId: null, name: "DELETED_USER" }

/** Names for pseudonyms, one query for a whole answer. Made to be shown: without markup, like all that readers get. */
export const names = Effect.map(People, (people) =>
  Effect.fnUntraced(function* (subjects: ReadonlyArray<SubjectId>) {
    const found = yield* people.bySubjects([...new Set(subjects)])
    return (subject: SubjectId): PersonView => {
      const person = found.get(subject)
      return person === undefined ? erased : { userId: person.userId, name: readable(person.name) }
    }
  })
)
