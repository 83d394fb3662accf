import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { PlatformId } from "../directory/PlatformId.ts"
import { PersonAuthorization } from "../identity/Authorization.ts"
import { limitAnswer } from "../limits/RateLimitFields.ts"
import { emptyBody } from "../page/EmptyBody.ts"
import { PageLimit } from "../page/PageLimit.ts"
import { Position, positionAnswer, positionRequest } from "../page/Position.ts"
import {
  ApplicationRequiredProblem,
  ConversationMovedOnProblem,
  ConversationNotFoundProblem
} from "../problem/ConversationProblems.ts"
import { rateLimited } from "../problem/LimitProblems.ts"
import { InvalidCursorProblem } from "../problem/RequestProblems.ts"
import { BodyRules, RequestRules } from "../problem/RequestRules.ts"
import { readProblems, writeProblems } from "../problem/ServiceProblems.ts"
import { BasedOn } from "./BasedOn.ts"
import { ConversationChange } from "./ConversationChange.ts"
import { ConversationPage, ListedStatus, UnreadTotal } from "./ConversationPage.ts"
import { ConversationView } from "./ConversationView.ts"

const params = { id: ConversationId }

const started = <Created extends boolean>(created: Created, status: 200 | 201) =>
  HttpApiSchema.WithHeaders(
    Schema.Struct({
      created: Schema.Literal(created),
      conversation: ConversationView,
      token: Position
    }).pipe(HttpApiSchema.status(status)),
    positionAnswer
  )

const changed = HttpApiSchema.WithHeaders(ConversationChange, positionAnswer)

/** Optional in a body, which may be left out as well: then it is as the conversation stands now. */
const basedOn = [
  Schema.Struct({
    basedOn: Schema.optionalKey(BasedOn)
  }),
  Schema.Null
] as const

const start = HttpApiEndpoint.post("start", "/", {
  payload: Schema.Struct({ applicationId: PlatformId }),
  success: [started(true, 201), started(false, 200)],
  error: [ApplicationRequiredProblem, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Start the conversation of an application",
      description: "201, or 200 with the existing one when it was started before, by whichever of the two."
    })
  )

const list = HttpApiEndpoint.get("list", "/", {
  headers: positionRequest,
  query: {
    status: Schema.optionalKey(ListedStatus),
    cursor: Schema.optionalKey(Schema.String),
    limit: Schema.optionalKey(PageLimit)
  },
  success: HttpApiSchema.WithHeaders(ConversationPage, limitAnswer),
  error: [InvalidCursorProblem, rateLimited, ...readProblems]
}).annotateMerge(OpenApi.annotations({ summary: "One's conversations, newest activity first" }))

const totalUnread = HttpApiEndpoint.get("totalUnread", "/unread-count", {
  headers: positionRequest,
  success: UnreadTotal,
  error: readProblems
}).annotateMerge(
  OpenApi.annotations({ summary: "Unread messages in all conversations, archived ones included" })
)

const one = HttpApiEndpoint.get("one", "/:id", {
  params,
  success: ConversationView,
  error: [ConversationNotFoundProblem, ...readProblems]
}).annotateMerge(
  OpenApi.annotations({
    summary: "One conversation",
    description: "Read from the record itself, so it needs no position."
  })
)

const unread = HttpApiEndpoint.get("unread", "/:id/unread-count", {
  params,
  success: UnreadTotal,
  error: [ConversationNotFoundProblem, ...readProblems]
}).annotateMerge(
  OpenApi.annotations({
    summary: "Unread messages in one conversation",
    description: "Read from the record itself, so it needs no position."
  })
)

const archive = HttpApiEndpoint.patch("archive", "/:id/archive", {
  params,
  payload: basedOn,
  success: changed,
  error: [ConversationNotFoundProblem, ConversationMovedOnProblem, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(
    OpenApi.annotations({
      summary: "Archive for both people",
      description: "It stays readable. The next message opens it again."
    })
  )

const reopen = HttpApiEndpoint.patch("reopen", "/:id/reopen", {
  params,
  payload: basedOn,
  success: changed,
  error: [ConversationNotFoundProblem, ConversationMovedOnProblem, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Open an archived conversation again" }))

const readAll = HttpApiEndpoint.post("readAll", "/:id/read", {
  params,
  payload: emptyBody,
  success: changed,
  error: [ConversationNotFoundProblem, ...writeProblems]
})
  .middleware(BodyRules)
  .annotateMerge(OpenApi.annotations({ summary: "Read the whole conversation" }))

export const ConversationsGroup = HttpApiGroup.make("conversations")
  .add(start, list, totalUnread, one, unread, archive, reopen, readAll)
  .prefix("/conversations")
  .middleware(RequestRules)
  // Outermost, so that nothing of a stranger's body is looked at.
  .middleware(PersonAuthorization)
  .annotateMerge(OpenApi.annotations({ title: "Conversations" }))
