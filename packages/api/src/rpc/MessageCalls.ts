import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { ConversationChange } from "../conversation/ConversationChange.ts"
import { messageContent } from "../message/MessageContent.ts"
import { MessagePage } from "../message/MessagePage.ts"
import { repeatDescription, sentMessage } from "../message/SentMessage.ts"
import { Position } from "../page/Position.ts"
import {
  ConversationNotFoundProblem,
  KeyReusedProblem,
  MessageNotFoundProblem
} from "../problem/ConversationProblems.ts"
import { RateLimitedProblem } from "../problem/LimitProblems.ts"
import { InvalidRequestProblem } from "../problem/RequestProblems.ts"
import { readProblems, writeProblems } from "../problem/ServiceProblems.ts"
import { PersonCalls } from "./CallAuthorization.ts"
import { EventPos, PageLimit, Pos } from "./CallNumbers.ts"
import { CallRules } from "./CallRules.ts"

const Place = Schema.optionalKey(Schema.Union([Pos, MessageId]))

const marking = {
  success: ConversationChange,
  error: Schema.Union([
    InvalidRequestProblem,
    ConversationNotFoundProblem,
    MessageNotFoundProblem,
    ...writeProblems
  ])
}

/** Messages, for the people of their conversation. */
export class MessageCalls extends RpcGroup.make(
  /** Answers once it is saved for good. After a lost answer or `outcome_unknown` send the same again. */
  Rpc.make("SendMessage", {
    payload: { conversationId: ConversationId, ...messageContent },
    success: Schema.Struct({
      repeat: Schema.Boolean.annotate({ description: repeatDescription }),
      ...sentMessage
    }),
    error: Schema.Union([
      InvalidRequestProblem,
      ConversationNotFoundProblem,
      KeyReusedProblem,
      RateLimitedProblem,
      ...writeProblems
    ])
  }),
  /** A page of a conversation, oldest first: before, after or around one place, or the newest. */
  Rpc.make("ListMessages", {
    payload: {
      conversationId: ConversationId,
      before: Place,
      after: Place,
      around: Place,
      limit: Schema.optionalKey(PageLimit),
      position: Schema.optionalKey(Position)
    },
    success: MessagePage,
    error: Schema.Union([InvalidRequestProblem, ConversationNotFoundProblem, ...readProblems])
  }),
  /** Reads everything up to a message or position, or everything there is. A mark never goes back. */
  Rpc.make("MarkRead", {
    payload: {
      conversationId: ConversationId,
      upTo: Schema.Union([Schema.Literal("all"), EventPos, MessageId])
    },
    ...marking
  }),
  /** A device of this person has everything up to a message or position. */
  Rpc.make("MarkDelivered", {
    payload: { conversationId: ConversationId, upTo: Schema.Union([EventPos, MessageId]) },
    ...marking
  })
)
  .middleware(PersonCalls)
  .middleware(CallRules) {}
