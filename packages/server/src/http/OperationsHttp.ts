import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { Effect, Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { needs, operationAnswers } from "../answers/OperationAnswers.ts"
import * as Refusals from "../answers/Refusals.ts"

export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "operations",
  Effect.fn(function* (handlers) {
    const answers = yield* operationAnswers

    return handlers.handleAll({
      list: () => answers.list,
      one: ({ params: { name } }) => answers.one(name),
      rebuild: ({ params: { name }, payload }) => answers.start(name, "rebuild", payload),
      verify: ({ params: { name }, payload }) => answers.start(name, "verify", payload),
      rollback: ({ params: { name }, payload }) => answers.rollback(name, payload),
      pause: ({ params: { name } }) => answers.change(name, "pause"),
      resume: ({ params: { name } }) => answers.change(name, "resume"),
      cancel: ({ params: { name } }) => answers.change(name, "cancel"),
      throttle: ({ params: { name }, payload: { maxRate } }) => answers.throttle(name, maxRate),
      parked: ({ params: { name } }) => answers.parked(name),
      retry: ({ params: { name }, payload }) => answers.retry(name, payload?.streamId),
      events: Effect.fnUntraced(
        function* ({ query }) {
          return yield* answers.events(query)
        },
        Effect.catchTags(Refusals.invalidInput("query"))
      )
    })
  })
).pipe(Layer.provide(needs))
