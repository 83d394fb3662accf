import { assert, describe, it } from "@effect/vitest"
import { begun, entriesOf, timeAt } from "../../../../test/client/Histories.ts"
import { waiting } from "../../../../test/client/Waiting.ts"
import type { MessageState } from "../Entry.ts"
import type { HeldConversation } from "../held/HeldConversation.ts"
import { conversationView, type ViewParts } from "./ConversationViews.ts"

const view = (parts: Partial<ViewParts> = {}) =>
  conversationView({
    held: begun(),
    passing: { presence: undefined, typingUntil: 0 },
    unsent: [],
    isAnswered: () => false,
    draft: "",
    now: 1_000,
    ...parts
  })

const last = { pos: 1, seq: 1, mine: true, preview: "text 1", sentAt: timeAt(1) }
const failure = { code: "rate_limited", message: "too many", retryAfterMs: 1 }

describe("a conversation as it is shown", () => {
  const mark = { upToSeq: 1, at: timeAt(2) }
  const states: ReadonlyArray<readonly [string, Partial<HeldConversation>, MessageState | null]> = [
    ["sent", {}, "sent"],
    ["delivered", { delivered: mark }, "delivered"],
    ["read", { delivered: mark, read: mark }, "read"],
    ["sent behind what was read", { read: { ...mark, upToSeq: 0 } }, "sent"],
    ["read by its entry", { tail: entriesOf(["mine", "read by other"]) }, "read"],
    ["delivered by its entry", { tail: entriesOf(["mine", "delivered to other"]) }, "delivered"],
    ["not known", { lastMessage: { ...last, seq: null } }, null],
    ["sent by its entry", { lastMessage: { ...last, seq: null }, tail: entriesOf(["mine"]) }, "sent"],
    ["none of the other person's", { lastMessage: { ...last, mine: false } }, null]
  ]
  it.each(states)("tells that the newest message is %s", (_name, change, state) => {
    const shown = view({ held: begun({ lastMessage: last, ...change }) })
    assert.deepInclude(shown.lastMessage, { preview: "text 1", at: timeAt(1), state })
  })

  it("shows the newest unsent message as the newest of all, with how it stands", () => {
    const held = begun({ lastMessage: last, lastActivityAt: timeAt(1) })
    const unsent = [waiting(1), waiting(2, { text: "<b>second</b>", writtenAt: timeAt(9) })]
    const shown = view({ held, unsent })
    assert.deepStrictEqual(shown.lastMessage, {
      preview: "second",
      mine: true,
      at: timeAt(9),
      state: "queued"
    })
    assert.strictEqual(shown.lastActivityAt, timeAt(9))
    const failed = view({ held, unsent: [waiting(1, { failure })] })
    assert.strictEqual(failed.lastMessage?.state, "failed")
    const answered = view({ held, unsent: [waiting(1)], isAnswered: () => true })
    assert.strictEqual(answered.lastMessage?.state, "sent")
  })

  it("is not older for a message that was written with the clock behind", () => {
    const held = begun({ lastActivityAt: timeAt(5) })
    assert.strictEqual(
      view({ held, unsent: [waiting(1, { writtenAt: timeAt(2) })] }).lastActivityAt,
      timeAt(5)
    )
  })

  it("counts what waits and what failed, and not what was answered", () => {
    const unsent = [waiting(1), waiting(2, { failure }), waiting(3), waiting(4)]
    const isAnswered = (name: string) => name === waiting(4).clientMessageId
    assert.deepInclude(view({ unsent, isAnswered }), { queued: 2, failed: 1 })
  })

  it("says that the other person types until that ends, and nothing of who was erased", () => {
    const presence = { online: true, lastSeenAt: null }
    const passing = { presence, typingUntil: 1_001 }
    assert.deepInclude(view({ passing }), { typing: true, presence })
    assert.isFalse(view({ passing, now: 1_001 }).typing)
    const erased = begun({ other: { userId: null, name: "DELETED_USER" } })
    assert.isNull(view({ passing, held: erased }).presence)
    assert.isNull(view().presence)
  })
})
