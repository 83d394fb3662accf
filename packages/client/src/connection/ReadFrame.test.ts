import { assert, describe, it } from "@effect/vitest"
import { conversationId, tagAt } from "../../../../test/client/Histories.ts"
import { readFrame } from "./ReadFrame.ts"

const place = { conversationId, pos: 7, tag: tagAt(7) }

describe("a frame as text", () => {
  it("is read as what it is", () => {
    assert.deepStrictEqual(readFrame(`{"type":"pong","id":"3"}`), { type: "pong", id: "3" })
    const unread = { type: "unread_count", conversationId, unread: 2 }
    assert.strictEqual(JSON.stringify(readFrame(JSON.stringify(unread))), JSON.stringify(unread))
  })

  it("may have fields that came later", () => {
    assert.deepStrictEqual(readFrame(`{"type":"unread_total","unread":3,"muted":1}`), {
      type: "unread_total",
      unread: 3
    })
  })

  it("F33 keeps its place when it is of a later type", () => {
    const read = readFrame(JSON.stringify({ ...place, type: "message_folded", corners: 4 }))
    assert(read?.type === "unknown")
    assert.deepStrictEqual([String(read.conversationId), read.pos, read.tag], [conversationId, 7, tagAt(7)])
  })

  it("F33 keeps its place when it says what this program cannot read, and answers nobody", () => {
    const read = readFrame(JSON.stringify({ ...place, type: "message_received", id: "3", text: 7 }))
    assert.deepStrictEqual(read, { ...place, type: "unreadable" })
  })

  it.each(["", "{", "null", "7", "[]", "{}", `{"type":7}`, `{"type":"pong","id":7}`])(
    "is none where it is %s",
    (text) => assert.isUndefined(readFrame(text))
  )
})
