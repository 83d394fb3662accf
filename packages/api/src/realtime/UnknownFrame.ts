import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema, SchemaGetter } from "effect"
import { ServerFrame } from "./ServerFrame.ts"
import { Tag } from "./Tag.ts"

const known: ReadonlySet<string> = new Set(ServerFrame.members.map(({ fields }) => fields.type.literal))

const Newer = Schema.Struct({
  type: Schema.String.check(Schema.makeFilter((type) => !known.has(type))),
  conversationId: Schema.optionalKey(Schema.String),
  pos: Schema.optionalKey(Schema.Int),
  tag: Schema.optionalKey(Schema.String)
})

/** A frame of a type that came later than this contract. Ignore it, but keep its `pos`, where it has one. */
export const UnknownFrame = Newer.pipe(
  Schema.decodeTo(
    Schema.Struct({
      type: Schema.Literal("unknown"),
      conversationId: Schema.optionalKey(ConversationId),
      pos: Schema.optionalKey(Schema.Int),
      tag: Schema.optionalKey(Tag)
    }),
    {
      decode: SchemaGetter.transform((frame) => ({ ...frame, type: "unknown" as const })),
      encode: SchemaGetter.passthrough()
    }
  )
)

/** What a typed client of a newer server gets, so that a new type of frame does not end what it follows. */
export const FollowedFrame = Schema.Union([ServerFrame, UnknownFrame])
export type FollowedFrame = typeof FollowedFrame.Type
