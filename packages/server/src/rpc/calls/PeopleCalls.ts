import { CurrentCaller } from "@indelible/api/rpc/CallAuthorization"
import { PeopleCalls } from "@indelible/api/rpc/PeopleCalls"
import { Effect } from "effect"
import { peopleAnswers } from "../../answers/PeopleAnswers.ts"

export const layer = PeopleCalls.toLayer(
  Effect.map(peopleAnswers, (answers) =>
    PeopleCalls.of({
      WhoAmI: () => CurrentCaller,
      SeePresence: ({ userId }) => answers.presence(userId)
    })
  )
)
