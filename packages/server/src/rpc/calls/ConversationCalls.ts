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
        conversationId === undefined
          ? Effect.flatMap(askedPosition(position), answers.totalUnread)
          : answers.unread(conversationId),
      ArchiveConversation: ({ basedOn, conversationId }) => answers.archive(conversationId, basedOn),
      ReopenConversation: ({ basedOn, conversationId }) => answers.reopen(conversationId, basedOn)
    })
  )
)
