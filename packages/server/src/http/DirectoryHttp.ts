import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { directoryAnswers } from "../answers/DirectoryAnswers.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "directory",
  Effect.fn(function* (handlers) {
    const answers = yield* directoryAnswers

    return handlers.handleAll({
      putUser: ({ params: { id }, payload }) => answers.putUser(id, payload),
      putApplication: ({ params: { id }, payload }) => answers.putApplication(id, payload),
      signOut: ({ params: { id } }) => answers.signOut(id)
    })
  })
)
