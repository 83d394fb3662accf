import type { MessageNotFound } from "@indelible/application/conversation/MarkPlaces"
import type { InvalidMessage } from "@indelible/application/conversation/SendText"
import type { IdentityUnavailable, Unauthenticated } from "@indelible/application/identity/IdentityError"
import type { RateLimited } from "@indelible/application/limits/RateLimited"
import type { DirectoryUnavailable } from "@indelible/application/people/People"
import type { ExecuteError } from "@indelible/application/store/EventStore"
import type { ConversationNotFound } from "@indelible/domain/conversation/ConversationRefusal"
import { Match, Schema } from "effect"
import { invalidField } from "./FrameReader.ts"
import type { Refusal } from "./Session.ts"

/** The token is good, but who holds it may not do this here. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { detail: Schema.String }) {
  override get message() {
    return this.detail
  }
}

/** The socket joined as many conversations as one may. */
export class TooManyJoined extends Schema.TaggedError<TooManyJoined>()("TooManyJoined", {
  most: Schema.Int
}) {
  override get message() {
    return `a socket may join ${this.most} conversations; leave one first`
  }
}

/** Everything by which a frame may fail that its sender is told. */
export type FrameFailure =
  | Unauthenticated
  | IdentityUnavailable
  | DirectoryUnavailable
  | Forbidden
  | TooManyJoined
  | ConversationNotFound
  | MessageNotFound
  | InvalidMessage
  | RateLimited
  | ExecuteError

const saying =
  (code: Refusal["code"], retryAfterMs?: number) =>
  ({ message }: { readonly message: string }): Refusal => ({
    code,
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs })
  })

/** What it says of itself tells which part is away, which is not for strangers. */
const partAway = (): Refusal => ({
  code: "unavailable",
  message: "a part of the service is away; nothing was saved",
  retryAfterMs: 1_000
})

export const refusalOf: (failure: FrameFailure) => Refusal = Match.type<FrameFailure>().pipe(
  Match.tagsExhaustive({
    Unauthenticated: saying("unauthenticated"),
    IdentityUnavailable: saying("unavailable", 1_000),
    Forbidden: saying("forbidden"),
    TooManyJoined: saying("too_many_joined"),
    ConversationNotFound: saying("conversation_not_found"),
    MessageNotFound: saying("message_not_found"),
    InvalidMessage: ({ field, problem }) => invalidField(field, problem),
    RateLimited: ({ message, retryAfterMs }): Refusal => ({ code: "rate_limited", message, retryAfterMs }),
    KeyReused: saying("key_reused"),
    Busy: saying("busy", 500),
    Overloaded: saying("overloaded", 1_000),
    OutcomeUnknown: saying("outcome_unknown", 500),
    Unavailable: partAway,
    DirectoryUnavailable: partAway
  })
)

export const internalError: Refusal = {
  code: "internal_error",
  message: "something went wrong here; whether it was saved is not known"
}

export const unknownType: Refusal = { code: "unknown_type", message: "there is no frame of this type" }

export const authenticateFirst: Refusal = {
  code: "unauthenticated",
  message: "authenticate first"
}

export const nodeStops: Refusal = { code: "draining", message: "this node stops; connect again" }
