import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context } from "effect"

/**
 * Names conversations: UUIDv8 from HMAC-SHA-256(installation key, application id, both subject ids sorted). The same
 * three always give the same id, on every node and for ever; without the installation key nobody can guess one.
 */
export class ConversationIds extends Context.Service<
  ConversationIds,
  { readonly idFor: (applicationId: string, one: SubjectId, other: SubjectId) => ConversationId }
>()("@indelible/application/conversation/ConversationIds") {}
