import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { decryptBody } from "@indelible/infrastructure/envelope/Body"
import { eventKey, keyCommitment } from "@indelible/infrastructure/envelope/EventKey"
import { sealEvent } from "@indelible/infrastructure/envelope/SealEvent"
import { Result } from "effect"
import { type GoldenEvent, goldenEvents, headerOf } from "./GoldenEvents.ts"

const fields = [
  ..."v streamId streamPos type schemaVersion recordedAt actor participants keyId keyCommitment bodyHash".split(
    " "
  ),
  ..."correlationId causationId node client commandKey ordinal facts".split(" ")
]

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

const contentOf = (golden: GoldenEvent): unknown => {
  const header = headerOf(golden)
  if (golden.body === null || header.keyId === null) return null
  const key = eventKey(Buffer.from(golden.contentKey, "base64"), header.streamId, header.streamPos)
  return decryptBody(Buffer.from(golden.body, "base64"), key, { ...header, keyId: header.keyId })
}

describe("events written on any earlier day", () => {
  it("cover every type and version that this program can write", () => {
    const written = goldenEvents().map(({ schemaVersion, type }) => `${type} ${schemaVersion}`)
    const writable = Object.entries(conversationEvents).flatMap(([type, { schemaVersion }]) =>
      Array.from({ length: schemaVersion }, (_, i) => `${type} ${i + 1}`)
    )
    assert.sameMembers(written, writable)
  })

  describe.each(goldenEvents())("$type version $schemaVersion", (golden) => {
    const header = headerOf(golden)
    const headerBytes = Buffer.from(golden.header, "base64")

    it("has exactly the fields of the envelope, in order", () => {
      assert.deepStrictEqual(Object.keys(JSON.parse(headerBytes.toString("utf8"))), fields)
    })

    it("still hashes to the hash that was stored, header and body", () => {
      assert.strictEqual(sha256(headerBytes), golden.headerHash)
      assert.strictEqual(
        golden.body === null ? null : sha256(Buffer.from(golden.body, "base64")),
        header.bodyHash
      )
    })

    it("opens with the key it commits to, and with no other place's", () => {
      assert.deepStrictEqual(contentOf(golden), golden.said.body)
      if (golden.body === null || header.keyId === null) return
      const key = eventKey(Buffer.from(golden.contentKey, "base64"), header.streamId, header.streamPos)
      assert.strictEqual(keyCommitment(key), header.keyCommitment)
      const moved = { ...header, keyId: header.keyId, streamPos: header.streamPos + 1 }
      assert.isUndefined(decryptBody(Buffer.from(golden.body, "base64"), key, moved))
    })

    it("reads in today's shape, also without its content", () => {
      const read = (body: unknown) =>
        readEvent(conversationEvents, golden.type, golden.schemaVersion, header.facts, body)
      assert.isTrue(Result.isSuccess(read(contentOf(golden))))
      assert.deepStrictEqual(Result.getOrThrow(read(null)).body, null)
    })

    it("is written again to the same bytes", () => {
      const current = Object.entries(conversationEvents).find(([type]) => type === golden.type)?.[1]
      if (current?.schemaVersion !== golden.schemaVersion) return
      const nonce =
        golden.body === null ? new Uint8Array(12) : Buffer.from(golden.body, "base64").subarray(0, 12)
      const key = { keyId: header.keyId ?? "", bytes: Buffer.from(golden.contentKey, "base64") }
      const written = Result.getOrThrow(current.write(golden.said.facts, golden.said.body))
      const again = sealEvent({ ...header, ...written }, key, nonce)
      assert.strictEqual(Buffer.from(again.headerBytes).toString("utf8"), headerBytes.toString("utf8"))
    })
  })
})
