import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { ParticipantsDiffer } from "./ConversationRefusal.ts"
import { sendText } from "./SendText.ts"
import { startConversation } from "./StartConversation.ts"
import { business, start, started, stranger, unstarted, worker } from "./testing/Story.ts"

describe("REQ-MSG-001: starting a conversation", () => {
  it("joins the two people, with nothing in it", () => {
    const nobody = { business: 0, worker: 0 }
    assert.deepStrictEqual(
      unstarted.when(startConversation, start),
      Result.succeed([
        {
          type: "ConversationStarted" as const,
          facts: {
            business,
            worker,
            tally: { status: "ACTIVE" as const, seq: 0, sent: nobody, unread: nobody }
          },
          body: { applicationId: "application-7" }
        }
      ])
    )
  })

  it("AC-MSG-004: starting again changes nothing, whatever was written since", () => {
    assert.deepStrictEqual(started.when(startConversation, start), Result.succeed([]))
    const later = started.after(sendText, { by: worker, text: "hello", metadata: null })
    assert.deepStrictEqual(later.when(startConversation, start), Result.succeed([]))
  })

  it("refuses other people in the same conversation, and swapped sides", () => {
    const refused = Result.fail(new ParticipantsDiffer())
    assert.deepStrictEqual(started.when(startConversation, { ...start, worker: stranger }), refused)
    assert.deepStrictEqual(
      started.when(startConversation, { ...start, business: worker, worker: business }),
      refused
    )
  })

  it("knows its own repeat, also when the key is gone", () => {
    const [event] = started.events
    assert(event?.type === "ConversationStarted")
    assert.isTrue(startConversation.repeats(start, [event]))
    assert.isTrue(startConversation.repeats(start, [{ ...event, body: null }]))
    assert.isFalse(startConversation.repeats({ ...start, applicationId: "another" }, [event]))
    assert.isFalse(startConversation.repeats({ ...start, worker: stranger }, [{ ...event, body: null }]))
    assert.isFalse(startConversation.repeats(start, []))
  })
})
