import { CurrentPerson } from "@indelible/api/identity/Authorization"
import { SeePresence } from "@indelible/application/live/SeePresence"
import { Effect } from "effect"
import { presenceView } from "./PresenceViews.ts"
import * as Refusals from "./Refusals.ts"

/** What a person may know of others, whatever interface they ask by. */
export const peopleAnswers = Effect.map(SeePresence, (see) => ({
  presence: Effect.fnUntraced(
    function* (userId: string) {
      const { subject } = yield* CurrentPerson
      return { userId, ...presenceView(yield* see(subject, userId)) }
    },
    Effect.catchTags({
      ...Refusals.personNotFound,
      ...Refusals.logUnavailable,
      ...Refusals.directoryUnavailable
    })
  )
}))
