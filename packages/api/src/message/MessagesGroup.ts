import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { MessageId } from "@indelible/domain/conversation/MessageId"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { ConversationChange } from "../conversation/ConversationChange.ts"
import { PersonAuthorization } from "../identity/Authorization.ts"
import { limitAnswer } from "../limits/RateLimitFields.ts"
import { emptyBody } from "../page/EmptyBody.ts"
import { PageLimit, Pos } from "../page/PageLimit.ts"
import { positionAnswer, positionRequest } from "../page/Position.ts"
import {
  ConversationNotFoundProblem,
  KeyReusedProblem,
  MessageNotFoundProblem
} from "../problem/ConversationProblems.ts"
import { rateLimited } from "../problem/LimitProblems.ts"
import { BodyRules, RequestRules } from "../problem/RequestRules.ts"
import { readProblems, writeProblems } from "../problem/ServiceProblems.ts"
import { messageContent } from "./MessageContent.ts"
import { MessagePage } from "./MessagePage.ts"
import { repeatDescription, sentMessage } from "./SentMessage.ts"

const sent = <Repeat extends boolean>(repeat: Repeat, status: 200 | 201) =>
  HttpApiSchema.WithHeaders(
    Schema.Struct({
      repeat: Schema.Literal(repeat).annotate({ description: repeatDescription }),
      ...sentMessage
    }).pipe(HttpApiSchema.status(status)),
    { ...positionAnswer, ...limitAnswer }
  )

const send = HttpApiEndpoint.post("send", "/conversations/:id/messages", {
  params: { id: ConversationId },
  payload: Schema.Struct({
    // One of a list, though of one: a lone literal would be taken for the mark of the whole, and other faults go unnamed.
    type: Schema.Literals(["TEXT"]),
    ...messageContent
  }),
  success: [sent(false, 201), sent(true, 200)],
  error: [ConversationNotFoundProblem, KeyReusedProblem, rateLimited, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Send a message",
      description:
        "201 once it is saved for good, 200 when it had been saved before. After a time-out or `outcome_unknown` send it again with the same `clientMessageId`."
    })
  )

const Place = Schema.Union([Pos, MessageId])

const history = HttpApiEndpoint.get("history", "/conversations/:id/messages", {
  params: { id: ConversationId },
  headers: positionRequest,
  query: {
    before: Schema.optionalKey(
      Place.annotate({
        description: "At most one of these three, each a `pos` or a message id; none: the newest."
      })
    ),
    after: Schema.optionalKey(Place),
    around: Schema.optionalKey(
      Place.annotate({ description: "The entry itself with what stands before and after it." })
    ),
    limit: Schema.optionalKey(PageLimit)
  },
  success: MessagePage,
  error: [ConversationNotFoundProblem, ...readProblems]
}).annotateMerge(OpenApi.annotations({ summary: "A conversation's messages, a page at a time" }))

const read = HttpApiEndpoint.patch("read", "/messages/:id/read", {
  params: { id: MessageId },
  payload: emptyBody,
  success: HttpApiSchema.WithHeaders(ConversationChange, positionAnswer),
  error: [ConversationNotFoundProblem, MessageNotFoundProblem, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Read a message and all before it",
      description: "A mark never goes back: reading what was read changes nothing."
    })
  )

export const MessagesGroup = HttpApiGroup.make("messages")
  .add(send, history, read)
  .middleware(RequestRules)
  // Outermost, so that nothing of a stranger's body is looked at.
  .middleware(PersonAuthorization)
  .annotateMerge(OpenApi.annotations({ title: "Messages" }))
