import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { ConversationChange } from "../conversation/ConversationChange.ts"
import { ConversationPage, ListedStatus, UnreadTotal } from "../conversation/ConversationPage.ts"
import { ConversationView } from "../conversation/ConversationView.ts"
import { PlatformId } from "../directory/PlatformId.ts"
import { Position } from "../page/Position.ts"
import {
  ApplicationRequiredProblem,
  ConversationMovedOnProblem,
  ConversationNotFoundProblem
} from "../problem/ConversationProblems.ts"
import { RateLimitedProblem } from "../problem/LimitProblems.ts"
import { InvalidCursorProblem, InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { readProblems, UnavailableProblem, writeProblems } from "../problem/ServiceProblems.ts"
import { PersonCalls } from "./CallAuthorization.ts"
import { EventPos, PageLimit } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"

const changing = {
  payload: { conversationId: ConversationId, basedOn: Schema.optionalKey(EventPos) },
  success: ConversationChange,
  error: Schema.Union([ConversationNotFoundProblem, ConversationMovedOnProblem, ...writeProblems])
}

/** Conversations, for their people. `position` asks for an answer at least as fresh as the `token` of a write. */
export class ConversationCalls extends RpcGroup.make(
  /** The conversation of an application, started now or before, by whichever of the two. */
  Rpc.make("StartConversation", {
    payload: { applicationId: PlatformId },
    success: Schema.Struct({ created: Schema.Boolean, conversation: ConversationView, token: Position }),
    error: Schema.Union([ApplicationRequiredProblem, ...writeProblems])
  }),
  /** One's conversations, newest activity first. */
  Rpc.make("ListConversations", {
    payload: {
      status: Schema.optionalKey(ListedStatus),
      cursor: Schema.optionalKey(Schema.String),
      limit: Schema.optionalKey(PageLimit),
      position: Schema.optionalKey(Position)
    },
    success: ConversationPage,
    error: Schema.Union([InvalidRequestProblem, InvalidCursorProblem, RateLimitedProblem, ...readProblems])
  }),
  /** Read from the record itself, so it needs no position. */
  Rpc.make("DescribeConversation", {
    payload: { conversationId: ConversationId },
    success: ConversationView,
    error: Schema.Union([ConversationNotFoundProblem, UnavailableProblem])
  }),
  /** Unread messages in one conversation, from the record itself; or in all of them, archived ones included. */
  Rpc.make("CountUnread", {
    payload: {
      conversationId: Schema.optionalKey(ConversationId),
      position: Schema.optionalKey(Position)
    },
    success: UnreadTotal,
    error: Schema.Union([InvalidRequestProblem, ConversationNotFoundProblem, ...readProblems])
  }),
  /** For both people. It stays readable; the next message opens it again. */
  Rpc.make("ArchiveConversation", changing),
  Rpc.make("ReopenConversation", changing)
)
  .middleware(PersonCalls)
  .middleware(CallRules) {}
