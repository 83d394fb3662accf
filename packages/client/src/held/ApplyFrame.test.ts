import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Histories from "../../../../test/client/Histories.ts"
import type { HeardFrame } from "../connection/ReadFrame.ts"
import { applyFrame, isDurable, markOf, type Written } from "./ApplyFrame.ts"
import type { HeldConversation } from "./HeldConversation.ts"

const { begun, conversationId, heardAs, me, other, tagAt, timeAt } = Histories

const nothingWritten = (): Written | undefined => undefined

const apply = (held: HeldConversation, frame: HeardFrame, written = nothingWritten) => {
  assert(isDurable(frame))
  return applyFrame(held, frame, { userId: me, written })
}

const given = (...steps: ReadonlyArray<Histories.Step>) =>
  Histories.framesOf(steps).reduce((held, frame) => apply(held, frame).held, begun())

const durable = (pos: number) => ({ conversationId, pos, tag: tagAt(pos) })
const sent = (change: object = {}) => ({
  ...durable(1),
  type: "message_sent",
  id: "7",
  messageId: Histories.messageIdAt(1),
  seq: 1,
  sentAt: timeAt(1),
  clientMessageId: Histories.clientMessageIdAt(1),
  ...change
})

describe("a conversation with its next event", () => {
  it.prop(
    "is after any history what a page of that history says",
    [Schema.Array(Histories.Step).check(Schema.isMaxLength(40))],
    ([steps]) => {
      const held = given(...steps)
      const page = Histories.entriesOf(steps)
      assert.deepStrictEqual(held.tail, page)
      const messages = page.filter((entry) => entry.kind === "message")
      const last = messages.at(-1)
      assert.strictEqual(held.pos, steps.length)
      assert.strictEqual(held.tag, steps.length === 0 ? null : tagAt(steps.length))
      assert.strictEqual(held.messageCount, messages.length)
      assert.strictEqual(held.lastMessage?.pos, last?.pos)
      assert.strictEqual(held.lastActivityAt, last?.sentAt ?? timeAt(0))
    }
  )

  it("takes a message of one's own without its text for what was written here, as readers get it", () => {
    const written = () => ({ text: "<b>hi</b>\u0001 there", metadata: { order: 7 } })
    const { held, incomplete } = apply(begun(), heardAs(sent()), written)
    assert.isFalse(incomplete)
    const [entry] = held.tail
    assert(entry?.kind === "message")
    assert.deepInclude(entry, { mine: true, text: "hi there", metadata: { order: 7 }, seq: 1, pos: 1 })
    assert.strictEqual(held.lastMessage?.preview, "hi there")
  })

  it("says that it does not know the text of what another device of one's own wrote", () => {
    const { held, incomplete } = apply(begun(), heardAs(sent()))
    assert.isTrue(incomplete)
    assert.deepInclude(held.tail[0], { text: null, mine: true })
  })

  it("goes on behind a kind of event that came later, and behind one that it cannot read", () => {
    const later = heardAs({ ...durable(1), type: "message_folded" })
    const unreadable = heardAs({ ...durable(1), type: "message_received", text: 7 })
    assert.deepStrictEqual([later.type, unreadable.type], ["unknown", "unreadable"])
    for (const frame of [later, unreadable]) {
      const { held, incomplete } = apply(begun(), frame)
      assert.deepStrictEqual(held, begun({ pos: 1, tag: tagAt(1) }))
      assert.isTrue(incomplete)
    }
  })

  it("asks for what an update of another kind changed, and takes the start for no entry", () => {
    const update = { ...durable(1), type: "conversation_updated", by: null, cause: null, at: timeAt(1) }
    const elsewise = apply(begun(), heardAs({ ...update, change: "other", status: null }))
    assert.deepStrictEqual(elsewise, { held: begun({ pos: 1, tag: tagAt(1) }), incomplete: true })
    const started = apply(begun(), heardAs({ ...update, change: "started", status: "ACTIVE" }))
    assert.deepStrictEqual(started, { held: begun({ pos: 1, tag: tagAt(1) }), incomplete: false })
  })

  it("takes each change of status from its frame", () => {
    assert.strictEqual(given("archived by me").status, "ARCHIVED")
    assert.strictEqual(given("archived by the system").status, "AUTO_ARCHIVED")
    assert.strictEqual(given("archived by me", "reopened by other").status, "ACTIVE")
  })

  it("remembers how far the other person has and read, and their reading counts as having", () => {
    const held = given("mine", "delivered to other", "mine", "read by other")
    assert.deepStrictEqual(held.delivered, { upToSeq: 2, at: timeAt(4) })
    assert.deepStrictEqual(held.read, { upToSeq: 2, at: timeAt(4) })
    assert.deepInclude(given("theirs", "read by me"), { delivered: null, read: null })
  })
})

describe("frames that tell of an event", () => {
  it("are those with a place, and not answers to repeats or to joining", () => {
    assert.isTrue(isDurable(heardAs(sent())))
    assert.isFalse(isDurable(heardAs(sent({ repeat: true }))))
    const joined = { ...durable(3), type: "joined", status: "ACTIVE", seq: 2, unread: 0, other: null }
    assert.isFalse(isDurable(heardAs(joined)))
    assert.isFalse(isDurable(heardAs({ type: "message_read", conversationId, repeat: true })))
    assert.isFalse(isDurable(heardAs({ type: "unread_count", conversationId, unread: 1 })))
    assert.isFalse(isDurable(heardAs({ type: "weather", conversationId })))
  })

  it("tell a mark with whose it is", () => {
    const mark = { ...durable(2), upToSeq: 1, at: timeAt(2) }
    const read = heardAs({ ...mark, type: "message_read", by: other })
    assert.deepStrictEqual(markOf(read, me), { kind: "read", mine: false, upToSeq: 1, at: timeAt(2) })
    const had = heardAs({ ...mark, type: "message_delivered", by: me })
    assert.deepStrictEqual(markOf(had, me), { kind: "delivered", mine: true, upToSeq: 1, at: timeAt(2) })
    assert.isUndefined(markOf(heardAs({ type: "message_read", conversationId, repeat: true }), me))
  })
})
