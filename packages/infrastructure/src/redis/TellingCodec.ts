import type { LiveMessage } from "@indelible/application/live/LiveMessage"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Schema } from "effect"

// Small messages without content, as JSON. Fields may be added to them, and none changed or taken away.

type Tag = Exclude<LiveMessage["_tag"], "EventsAppended">

const codec = <A>(schema: Schema.Codec<A, unknown>) => {
  const json = Schema.fromJsonString(schema)
  const decode = Schema.decodeUnknownSync(json)
  const encode = Schema.encodeSync(json)
  return {
    encode: (message: A): Buffer => Buffer.from(encode(message)),
    /** Throws when the bytes are not what `encode` makes. */
    decode: (bytes: Buffer): A => decode(bytes.toString())
  }
}

const tagged = <const T extends Tag, Fields extends Schema.Struct.Fields>(tag: T, fields: Fields) =>
  Schema.Struct({ _tag: Schema.Literal(tag), ...fields })

export const presenceTouched = codec(tagged("PresenceTouched", { subjects: Schema.Array(SubjectId) }))

export const typingTold = codec(
  tagged("TypingTold", {
    conversation: ConversationId,
    by: SubjectId,
    to: SubjectId,
    expiresIn: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60_000 }))
  })
)

/** Where messages that concern one person or conversation go, so that they mostly arrive in their order. */
export const laneOf = (id: SubjectId | ConversationId | undefined): number =>
  id === undefined ? 0 : Number.parseInt(id.slice(-2), 16)
