import { ConversationCalls } from "@indelible/api/rpc/ConversationCalls"
import { Effect } from "effect"
import { conversationAnswers } from "../../answers/ConversationAnswers.ts"
import { askedPosition } from "../AskedPosition.ts"

export const layer = ConversationCalls.toLayer(
  Effect.map(conversationAnswers, (answers) =>
    ConversationCalls.of({
      StartConversation: ({ applicationId }) => answers.start(applicationId),
      ListConversations: ({ position, ...asked }) =>
        Effect.flatMap(askedPosition(position), (token) => answers.list(asked, token)),
      DescribeConversation: ({ conversationId }) => answers.one(conversationId),
      CountUnread: ({ conversationId, position }) =>
        Effect.gen(function* () {
          const token = yield* askedPosition(position)
          if (conversationId === undefined) return yield* answers.totalUnread(token)
          // Read from the record itself, which has everything that was written.
          return yield* answers.unread(conversationId)
        }),
      ArchiveConversation: ({ basedOn, conversationId }) => answers.archive(conversationId, basedOn),
      ReopenConversation: ({ basedOn, conversationId }) => answers.reopen(conversationId, basedOn)
    })
  )
)
