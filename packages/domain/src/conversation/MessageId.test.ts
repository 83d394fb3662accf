import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { ConversationId } from "./ConversationId.ts"
import { MessageId, messageId, placeOf } from "./MessageId.ts"

const conversation = ConversationId.make("0190f1a0-0000-8000-8000-00000000000a")

describe("a message id", () => {
  it("says where its event is", () => {
    assert.strictEqual(messageId(conversation, 17), `${conversation}.17`)
    assert.deepStrictEqual(placeOf(messageId(conversation, 17)), { conversation, pos: 17 })
    assert.strictEqual(placeOf(messageId(conversation, 999_999_999_999_999)).pos, 999_999_999_999_999)
  })

  it("H10: is nothing else", () => {
    const decode = Schema.decodeUnknownResult(MessageId)
    for (const wrong of [
      conversation,
      `${conversation}.0`,
      `${conversation}.01`,
      `${conversation}.-1`,
      `${conversation}.1e3`,
      `${conversation}.1000000000000000`,
      `${conversation}.1\n`,
      `${conversation.toUpperCase()}.1`,
      "0190f1a0-0000-4000-8000-00000000000a.1",
      "../../admin.1",
      "",
      17
    ]) {
      assert.isTrue(Result.isFailure(decode(wrong)), String(wrong))
    }
  })
})
