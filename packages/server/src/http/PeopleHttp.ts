import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { peopleAnswers } from "../answers/PeopleAnswers.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "people",
  Effect.fn(function* (handlers) {
    const answers = yield* peopleAnswers
    return handlers.handleAll({ presence: ({ params: { id } }) => answers.presence(id) })
  })
)
