import { assert, describe, it } from "@effect/vitest"
import { SendMessage } from "@indelible/api/realtime/ClientFrame"
import { Result } from "effect"
import { fieldsOf, readFrame } from "./FrameReader.ts"

const refusal = (text: string) => {
  const read = readFrame(text)
  return Result.isFailure(read) ? read.failure : assert.fail(`accepted ${text.slice(0, 80)}`)
}

describe("FrameReader", () => {
  it("H6 T5 refuses what is not one JSON object, however deep", () => {
    for (const text of [
      "",
      "{",
      "null",
      "7",
      '"ping"',
      "[]",
      '[{"type":"ping"}]',
      "[".repeat(60_000),
      "\u0000"
    ]) {
      assert.strictEqual(refusal(text).refusal.code, "invalid_frame", text.slice(0, 20))
    }
  })

  it("W14 refuses a missing or odd type under the id that came with it", () => {
    assert.deepStrictEqual(refusal('{"id":"7"}').id, "7")
    assert.strictEqual(refusal('{"id":"7","type":{}}').refusal.fields?.[0]?.field, "type")
    assert.strictEqual(refusal('{"__proto__":{"type":"ping"}}').refusal.fields?.[0]?.field, "type")
  })

  it("refuses an id that could not be carried back", () => {
    for (const id of ['""', "7", "null", JSON.stringify("x".repeat(65)), '"\\ud800"']) {
      const { id: answered, refusal: told } = refusal(`{"type":"ping","id":${id}}`)
      assert.strictEqual(told.fields?.[0]?.field, "id")
      assert.isUndefined(answered)
    }
  })

  it("names each field that is wrong, and quotes nothing of what was sent", () => {
    const read = fieldsOf(SendMessage)({
      type: "send_message",
      conversationId: "secret-1",
      text: "half \ud800 secret-2",
      metadata: { nested: ["secret-3"] },
      senderId: "secret-4"
    })
    const told = Result.isFailure(read) ? read.failure : assert.fail("accepted")
    assert.sameMembers(
      [...new Set((told.fields ?? []).map(({ field }) => field))],
      ["senderId", "conversationId", "clientMessageId", "text", "metadata.nested"]
    )
    assert.notInclude(JSON.stringify(told), "secret-")
  })

  it("gives a flood of unknown fields a short answer", () => {
    const flood = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${i}${"x".repeat(200)}`, 1]))
    const read = fieldsOf(SendMessage)(flood)
    assert.isTrue(Result.isFailure(read) && JSON.stringify(read.failure).length < 2_000)
  })
})
