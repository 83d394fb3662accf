import { SearchCalls } from "@indelible/api/rpc/SearchCalls"
import { Effect } from "effect"
import { invalidInput } from "../../answers/Refusals.ts"
import { searchAnswers } from "../../answers/SearchAnswers.ts"
import { askedPosition } from "../AskedPosition.ts"

export const layer = SearchCalls.toLayer(
  Effect.map(searchAnswers, (answers) =>
    SearchCalls.of({
      SearchConversations: ({ position, ...search }) =>
        askedPosition(position).pipe(
          Effect.flatMap((token) => answers.conversations(search, token)),
          Effect.catchTags(invalidInput())
        ),
      SearchMessages: ({ conversationId, position, ...search }) =>
        askedPosition(position).pipe(
          Effect.flatMap((token) =>
            conversationId === undefined
              ? answers.messages(search, token)
              : answers.messagesOfOne(conversationId, search, token)
          ),
          Effect.catchTags(invalidInput())
        )
    })
  )
)
