import {
  type FollowedFrame,
  FollowedFrame as FollowedFrameSchema
} from "@indelible/api/realtime/UnknownFrame"
import { Option, Schema } from "effect"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(FollowedFrameSchema))

/** Enough of a frame to go on behind it. */
const Place = Schema.Struct({
  conversationId: Schema.String,
  pos: Schema.Int,
  tag: Schema.String
})
const decodePlace = Schema.decodeUnknownOption(Schema.fromJsonString(Place))

/** What is needed of a frame that this program cannot read. */
export interface UnreadableFrame extends Schema.Schema.Type<typeof Place> {
  readonly type: "unreadable"
}

export type HeardFrame = FollowedFrame | UnreadableFrame

/**
 * A frame as text, for what it says. One that a newer service writes otherwise than this program knows still has its
 * place: dropped altogether it would be a gap that no `resume` can fill. undefined: no frame at all.
 */
export const readFrame = (text: string): HeardFrame | undefined =>
  Option.getOrUndefined(
    Option.orElse(decode(text), () =>
      Option.map(decodePlace(text), (place): HeardFrame => ({ type: "unreadable", ...place }))
    )
  )
