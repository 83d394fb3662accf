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
import { FoundConversations, FoundMessages } from "./FoundPages.ts"
import { SearchOrder, SearchWords } from "./SearchTerms.ts"

const query = {
  q: SearchWords,
  cursor: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(SearchPageLimit)
}

const messageQuery = {
  ...query,
  order: Schema.optionalKey(SearchOrder)
}

const problems = [InvalidCursorProblem, SearchTooSlowProblem, ...readProblems] as const

const conversations = HttpApiEndpoint.get("conversations", "/conversations/search", {
  headers: positionRequest,
  query,
  success: FoundConversations,
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
  success: FoundMessages,
  error: problems
}).annotateMerge(OpenApi.annotations({ summary: "Find messages in all of one's conversations" }))

const messagesOfOne = HttpApiEndpoint.get("messagesOfOne", "/conversations/:id/messages/search", {
  params: { id: ConversationId },
  headers: positionRequest,
  query: messageQuery,
  success: FoundMessages,
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
