import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { ClientFrame } from "./ClientFrame.ts"

const decode = Schema.decodeUnknownResult(ClientFrame, { onExcessProperty: "error" })
const conversationId = "0190f1a0-0000-8000-8000-00000000000c"
const send = {
  type: "send_message",
  conversationId,
  clientMessageId: "0190f1a0-0000-4000-8000-0000000000f1",
  text: "hello"
}

const accepts = (frame: unknown) => assert.isTrue(Result.isSuccess(decode(frame)), JSON.stringify(frame))
const refuses = (frame: unknown) => assert.isTrue(Result.isFailure(decode(frame)), JSON.stringify(frame))

describe("ClientFrame", () => {
  it("takes every frame with and without an id", () => {
    for (const frame of [
      { type: "authenticate", token: "t" },
      { type: "join_conversation", conversationId },
      { type: "leave_conversation", conversationId },
      send,
      { ...send, metadata: { colour: "red" } },
      { ...send, metadata: null },
      { type: "mark_read", conversationId, upTo: "all" },
      { type: "mark_read", conversationId, upTo: 3 },
      { type: "ack_delivered", conversationId, upTo: 3 },
      { type: "typing_start", conversationId },
      { type: "typing_stop", conversationId },
      { type: "ping" }
    ]) {
      accepts(frame)
      accepts({ ...frame, id: "frame 1" })
    }
  })

  it("H5 refuses fields it does not know, also those an object brings along", () => {
    refuses({ ...send, senderId: "someone" })
    refuses({ ...send, seq: 1 })
    refuses({ ...send, constructor: {} })
    refuses(JSON.parse(`{"type":"ping","__proto__":{"admin":true}}`))
  })

  it("W11 types and is there for nobody else", () => {
    refuses({ type: "typing_start", conversationId, userId: "someone" })
    refuses({ type: "user_online", userId: "someone" })
    refuses({ type: "user_offline", userId: "someone", lastSeenAt: null })
  })

  it("R8 refuses positions that are text, beyond what a number counts, or before the first", () => {
    for (const upTo of ["12", 2 ** 53 + 1, 1.5, 0, -1, Number.NaN, null, [1]]) {
      refuses({ type: "ack_delivered", conversationId, upTo })
    }
  })

  it("T6 T7 refuses half a surrogate pair and U+0000 in what is stored or echoed", () => {
    refuses({ ...send, text: "\ud800" })
    refuses({ ...send, text: "a\u0000b" })
    refuses({ type: "ping", id: "\udfff" })
  })

  it("refuses ids that are empty, long, or of another spelling", () => {
    refuses({ type: "ping", id: "" })
    refuses({ type: "ping", id: "x".repeat(65) })
    refuses({ type: "ping", id: 7 })
    refuses({ ...send, clientMessageId: send.clientMessageId.toUpperCase() })
    refuses({ ...send, conversationId: "../../admin" })
  })
})
