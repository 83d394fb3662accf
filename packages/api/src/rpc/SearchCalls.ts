import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { Position } from "../page/Position.ts"
import { ConversationNotFoundProblem } from "../problem/ConversationProblems.ts"
import { InvalidCursorProblem, InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { readProblems, SearchTooSlowProblem } from "../problem/ServiceProblems.ts"
import { FoundConversations, FoundMessages } from "../search/FoundPages.ts"
import { SearchOrder, SearchWords } from "../search/SearchTerms.ts"
import { PersonCalls } from "./CallAuthorization.ts"
import { SearchPageLimit } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"

const search = {
  q: SearchWords,
  cursor: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(SearchPageLimit),
  position: Schema.optionalKey(Position)
}

const problems = [InvalidRequestProblem, InvalidCursorProblem, SearchTooSlowProblem, ...readProblems] as const

/** Among one's own conversations only. How many hits there are in all is not told. */
export class SearchCalls extends RpcGroup.make(
  /** By the other person's name, newest activity first; then by text, best first. Archived ones too. */
  Rpc.make("SearchConversations", {
    payload: search,
    success: FoundConversations,
    error: Schema.Union(problems)
  }),
  /** In one conversation, or in all of them. */
  Rpc.make("SearchMessages", {
    payload: {
      ...search,
      conversationId: Schema.optionalKey(ConversationId),
      order: Schema.optionalKey(SearchOrder)
    },
    success: FoundMessages,
    error: Schema.Union([ConversationNotFoundProblem, ...problems])
  })
)
  .middleware(PersonCalls)
  .middleware(CallRules) {}
