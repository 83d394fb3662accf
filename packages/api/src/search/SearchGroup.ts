import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { PersonAuthorization } from "../identity/Authorization.ts"
import { SearchPageLimit } from "../page/PageLimit.ts"
import { positionRequest } from "../page/Position.ts"
import { ConversationNotFoundProblem } from "../problem/ConversationProblems.ts"
import { InvalidCursorProblem } from "../problem/RequestProblems.ts"
import { RequestRules } from "../problem/RequestRules.ts"
import { readProblems, SearchTooSlowProblem } from "../problem/ServiceProblems.ts"
import { FoundConversation, FoundMessage } from "./FoundView.ts"

const query = {
  q: Schema.String.annotate({
    description:
      'At most 200 characters and 32 words. All words must be there, each as the beginning of a word from three letters on; `"words in quotes"` stand together; `-word` excludes; `OR` between two words asks for either. Case and accents make no difference, and everything else means itself.'
  }),
  cursor: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(SearchPageLimit)
}

const messageQuery = {
  ...query,
  order: Schema.optionalKey(
    Schema.Literals(["newest", "rank"]).annotate({
      description: "`newest`, unless told; `rank`: of the newest 1,000 hits those first that answer best."
    })
  )
}

const next = Schema.NullOr(Schema.String).annotate({
  description: "Cursor of the next page; null on the last one."
})

const foundMessages = Schema.Struct({ messages: Schema.Array(FoundMessage), next })

const problems = [InvalidCursorProblem, SearchTooSlowProblem, ...readProblems] as const

const conversations = HttpApiEndpoint.get("conversations", "/conversations/search", {
  headers: positionRequest,
  query,
  success: Schema.Struct({ conversations: Schema.Array(FoundConversation), next }),
  error: problems
}).annotateMerge(
  OpenApi.annotations({
    summary: "Find conversations by the other person's name or by text",
    description:
      "Archived ones too. First those with somebody of that name, newest activity first; then those with messages that match, best first."
  })
)

const messages = HttpApiEndpoint.get("messages", "/messages/search", {
  headers: positionRequest,
  query: messageQuery,
  success: foundMessages,
  error: problems
}).annotateMerge(OpenApi.annotations({ summary: "Find messages in all of one's conversations" }))

const messagesOfOne = HttpApiEndpoint.get("messagesOfOne", "/conversations/:id/messages/search", {
  params: { id: ConversationId },
  headers: positionRequest,
  query: messageQuery,
  success: foundMessages,
  error: [ConversationNotFoundProblem, ...problems]
}).annotateMerge(OpenApi.annotations({ summary: "Find messages in a conversation" }))

export const SearchGroup = HttpApiGroup.make("search")
  .add(conversations, messages, messagesOfOne)
  .middleware(RequestRules)
  .middleware(PersonAuthorization)
  .annotateMerge(
    OpenApi.annotations({
      title: "Search",
      description: "Among one's own conversations only. How many hits there are in all is not told."
    })
  )
