import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Option, Schema } from "effect"
import { FollowedFrame } from "./UnknownFrame.ts"

const read = Schema.decodeUnknownOption(Schema.toCodecJson(FollowedFrame))

describe("a frame of a newer server", () => {
  it("is unknown, and has its place still", () => {
    const conversationId = ConversationId.make("6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f")
    const place = { conversationId, pos: 7, tag: "c1c09f92c432585e" }
    const reaction = { type: "reaction_added", ...place, emoji: "+1" }
    assert.deepStrictEqual(Option.getOrThrow(read(reaction)), { type: "unknown", ...place })
    assert.deepStrictEqual(Option.getOrThrow(read({ type: "hint" })), { type: "unknown" })
  })

  it("is none that is known but malformed", () => {
    assert.isTrue(Option.isSome(read({ type: "pong" })))
    for (const frame of [{ type: "pong", id: 7 }, { type: "unread_total" }, { type: 7 }, {}]) {
      assert.isTrue(Option.isNone(read(frame)), JSON.stringify(frame))
    }
  })
})
