import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readEnvelope } from "./Envelope.ts"

const call = { jsonrpc: "2.0", id: 1, method: "WhoAmI" }

const read = (json: unknown) =>
  Result.match(readEnvelope(json), { onSuccess: ({ _tag }) => _tag, onFailure: ({ id }) => id })

describe("an envelope", () => {
  it("is a call with an id of the client's, whatever else it carries", () => {
    assert.strictEqual(read(call), "Call")
    assert.strictEqual(read({ ...call, id: "x".repeat(64), params: [1], traceId: "t" }), "Call")
    assert.strictEqual(read({ ...call, id: 0, headers: [["x-correlation-id", "c"]] }), "Call")
  })

  it("or what clients say besides", () => {
    const about = { params: { requestId: "a" } }
    assert.strictEqual(read({ jsonrpc: "2.0", method: "@effect/rpc/Ping" }), "Ping")
    assert.strictEqual(read({ jsonrpc: "2.0", method: "@effect/rpc/Ack", ...about }), "Ack")
    assert.strictEqual(read({ jsonrpc: "2.0", method: "@effect/rpc/Interrupt", ...about }), "Interrupt")
  })

  it("R3 answers under the id where there is one, and otherwise under none", () => {
    assert.strictEqual(read({ jsonrpc: "2.0", id: 7 }), 7)
    assert.strictEqual(read({ ...call, method: 5 }), 1)
    for (const bad of [
      null,
      [call],
      "call",
      { ...call, id: null },
      { ...call, id: 1.5 },
      { ...call, id: "" },
      { ...call, id: "x".repeat(65) },
      { ...call, id: "\ud800" },
      { jsonrpc: "2.0", method: "WhoAmI" },
      { jsonrpc: "2.0", method: "@effect/rpc/Ack" },
      { jsonrpc: "2.0", method: "@effect/rpc/Eof" }
    ]) {
      assert.isNull(read(bad), JSON.stringify(bad))
    }
  })
})
