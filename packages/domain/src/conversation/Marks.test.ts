import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Mark } from "./ConversationEvent.ts"
import { ConversationNotFound, MarkBeyondHead, NotParticipant } from "./ConversationRefusal.ts"
import { markDelivered } from "./MarkDelivered.ts"
import { markRead } from "./MarkRead.ts"
import { sendText } from "./SendText.ts"
import { business, started, stranger, unstarted, worker } from "./testing/Story.ts"

const from = (by: typeof business) => ({ by, text: "x", metadata: null })
/** Two of the business, one of the worker, one of the business. */
const four = started
  .after(sendText, from(business))
  .after(sendText, from(business))
  .after(sendText, from(worker))
  .after(sendText, from(business))
const at = (seq: number, fromBusiness: number, fromWorker: number): Mark => ({
  seq,
  sent: { business: fromBusiness, worker: fromWorker }
})

describe.each([markRead, markDelivered])("marks", (decider) => {
  it("H15: refuse a place beyond the head", () => {
    assert.deepStrictEqual(
      four.when(decider, { by: worker, upTo: at(5, 4, 1) }),
      Result.fail(new MarkBeyondHead({ newest: 4 }))
    )
  })

  it("REQ-MSG-005: never go back, and say the same twice without an event", () => {
    const marked = four.after(decider, { by: worker, upTo: at(2, 2, 0) })
    for (const upTo of [at(0, 0, 0), at(1, 1, 0), at(2, 2, 0)]) {
      assert.deepStrictEqual(marked.when(decider, { by: worker, upTo }), Result.succeed([]))
    }
    assert.lengthOf(Result.getOrThrow(marked.when(decider, { by: worker, upTo: at(3, 2, 1) })), 1)
  })

  it("mark everything there is", () => {
    const marked = four.after(decider, { by: business, upTo: "head" })
    const event = marked.events.at(-1)
    assert(event?.type === "MessagesRead" || event?.type === "MessagesDelivered")
    assert.deepStrictEqual(event.facts.upTo, at(4, 3, 1))
    assert.deepStrictEqual(started.when(decider, { by: business, upTo: "head" }), Result.succeed([]))
  })

  it("refuse a stranger, and an unknown conversation", () => {
    assert.deepStrictEqual(
      four.when(decider, { by: stranger, upTo: "head" }),
      Result.fail(new NotParticipant())
    )
    assert.deepStrictEqual(
      unstarted.when(decider, { by: worker, upTo: "head" }),
      Result.fail(new ConversationNotFound())
    )
  })

  it("know their own repeat", () => {
    const stored = four.after(decider, { by: worker, upTo: at(3, 2, 1) }).events.slice(-1)
    assert.isTrue(decider.repeats({ by: worker, upTo: at(3, 2, 1) }, stored))
    assert.isTrue(decider.repeats({ by: worker, upTo: "head" }, stored), "everything, as it was then")
    assert.isFalse(decider.repeats({ by: worker, upTo: at(2, 2, 0) }, stored))
    assert.isFalse(decider.repeats({ by: worker, upTo: "head" }, four.events.slice(-1)))
    assert.isFalse(decider.repeats({ by: worker, upTo: "head" }, []))
  })
})

describe("REQ-MSG-005: reading", () => {
  it("leaves unread what the other sent after it", () => {
    const read = four.after(markRead, { by: worker, upTo: at(2, 2, 0) })
    const event = read.events.at(-1)
    assert(event?.type === "MessagesRead")
    assert.deepStrictEqual(event.facts.tally.unread, { business: 1, worker: 1 })
    assert.strictEqual(event.facts.side, "worker")
  })

  it("counts only the other side's messages, also when the mark is one's own message", () => {
    const read = four.after(markRead, { by: business, upTo: at(4, 3, 1) })
    assert.deepStrictEqual(read.state?.tally.unread, { business: 0, worker: 3 })
  })

  it("delivers as well, and delivering what was read is nothing new", () => {
    const read = four.after(markRead, { by: worker, upTo: at(3, 2, 1) })
    assert.deepStrictEqual(read.state?.marks.worker, { delivered: at(3, 2, 1), read: at(3, 2, 1) })
    assert.deepStrictEqual(read.when(markDelivered, { by: worker, upTo: at(3, 2, 1) }), Result.succeed([]))
  })

  it("less than what was delivered takes no delivery back", () => {
    const story = four
      .after(markDelivered, { by: worker, upTo: "head" })
      .after(markRead, { by: worker, upTo: at(1, 1, 0) })
    assert.deepStrictEqual(story.state?.marks.worker, { delivered: at(4, 3, 1), read: at(1, 1, 0) })
  })
})

describe("delivering", () => {
  it("leaves unread counts alone", () => {
    const delivered = four.after(markDelivered, { by: worker, upTo: "head" })
    assert.deepStrictEqual(delivered.state?.tally, four.state?.tally)
  })
})
