import {
  type FollowedFrame,
  FollowedFrame as FollowedFrameSchema
} from "@indelible/api/realtime/UnknownFrame"
import { Option, Schema } from "effect"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(FollowedFrameSchema))

/** Enough of an event's frame to go on behind it: no answer has its shape. */
const Place = Schema.Struct({
  type: Schema.String.check(Schema.makeFilter((type) => type !== "joined")),
  repeat: Schema.optionalKey(Schema.Never),
  conversationId: Schema.String,
  pos: Schema.Int,
  tag: Schema.String
})
const decodePlace = Schema.decodeUnknownOption(Schema.fromJsonString(Place))

/** What is needed of a frame that this program cannot read. */
export interface UnreadableFrame {
  readonly type: "unreadable"
  readonly conversationId: string
  readonly pos: number
  readonly tag: string
}

/** A refusal by a code that came later than this program. */
const NewerRefusal = Schema.Struct({
  type: Schema.Literal("error"),
  id: Schema.optionalKey(Schema.String),
  code: Schema.String,
  message: Schema.String,
  retryAfterMs: Schema.optionalKey(Schema.Finite)
})
const decodeRefusal = Schema.decodeUnknownOption(Schema.fromJsonString(NewerRefusal))

export type HeardFrame = FollowedFrame | UnreadableFrame | typeof NewerRefusal.Type

/**
 * A frame as text, for what it says. One that a newer service writes otherwise than this program knows still has its
 * place: dropped altogether it would be a gap that no `resume` can fill. undefined: no frame at all.
 */
export const readFrame = (text: string): HeardFrame | undefined =>
  Option.getOrUndefined(
    Option.orElse(
      Option.orElse(decode(text), () => decodeRefusal(text)),
      () =>
        Option.map(
          decodePlace(text),
          ({ conversationId, pos, tag }): HeardFrame => ({ type: "unreadable", conversationId, pos, tag })
        )
    )
  )
