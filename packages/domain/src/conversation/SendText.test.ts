import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { ReadEvent } from "../event/DomainEvent.ts"
import { archive } from "./Archive.ts"
import type { ConversationEvent } from "./ConversationEvent.ts"
import { ConversationNotFound, NotParticipant } from "./ConversationRefusal.ts"
import { markRead } from "./MarkRead.ts"
import { type SendText, sendText } from "./SendText.ts"
import { business, started, stranger, unstarted, worker } from "./testing/Story.ts"

const hello: SendText = { by: business, text: "hello 👋🏽", metadata: { job: "7", urgent: true } }

describe("REQ-MSG-003: sending a text", () => {
  it("counts for the sender, and as unread for the other", () => {
    assert.deepStrictEqual(
      started.when(sendText, hello),
      Result.succeed([
        {
          type: "TextSent" as const,
          facts: {
            side: "business" as const,
            tally: {
              status: "ACTIVE" as const,
              seq: 1,
              sent: { business: 1, worker: 0 },
              unread: { business: 0, worker: 1 }
            }
          },
          body: { text: "hello 👋🏽", metadata: { job: "7", urgent: true } }
        }
      ])
    )
  })

  it("NFR-MSG-USAB-005: does not read for the sender what they had not read", () => {
    const both = started.after(sendText, hello).after(sendText, { ...hello, by: worker })
    assert.deepStrictEqual(both.state?.tally.unread, { business: 1, worker: 1 })
    const read = both.after(markRead, { by: worker, upTo: "head" }).after(sendText, hello)
    assert.deepStrictEqual(read.state?.tally.unread, { business: 1, worker: 1 })
  })

  it("task 4.6: re-opens an archived conversation in the same command", () => {
    const archived = started.after(sendText, hello).after(archive, { by: worker, basedOn: null })
    const answered = archived.after(sendText, { ...hello, by: worker })
    const [reopened, sent] = answered.events.slice(-2)
    assert(reopened?.type === "ConversationReopened" && sent?.type === "TextSent")
    assert.deepInclude(reopened.facts, { by: "worker", cause: "message" })
    assert.deepInclude(reopened.facts.tally, { status: "ACTIVE", seq: 1 })
    assert.deepInclude(sent.facts.tally, { status: "ACTIVE", seq: 2 })
    assert.deepInclude(answered.state, { statusPos: 4, lastMessagePos: 5 })
  })

  it("H2: refuses a stranger, and an unknown conversation", () => {
    assert.deepStrictEqual(
      started.when(sendText, { ...hello, by: stranger }),
      Result.fail(new NotParticipant())
    )
    assert.deepStrictEqual(unstarted.when(sendText, hello), Result.fail(new ConversationNotFound()))
  })

  describe("H12 H13: repeats", () => {
    const sent: ReadonlyArray<ReadEvent<ConversationEvent>> = started.after(sendText, hello).events.slice(-1)
    const [event] = sent
    assert(event?.type === "TextSent")

    it("the same text and metadata, in any order of keys", () => {
      assert.isTrue(sendText.repeats(hello, sent))
      assert.isTrue(sendText.repeats({ ...hello, metadata: { urgent: true, job: "7" } }, sent))
    })

    it("not another text, not other metadata", () => {
      assert.isFalse(sendText.repeats({ ...hello, text: "hello" }, sent))
      for (const metadata of [null, {}, { job: "7" }, { job: 7, urgent: true }, { job: "7", hasOwn: true }]) {
        assert.isFalse(sendText.repeats({ ...hello, metadata }, sent))
      }
      assert.isFalse(
        sendText.repeats(hello, [{ ...event, body: { text: hello.text, metadata: null } }]),
        "stored without"
      )
    })

    it("anything, once the key is destroyed", () => {
      assert.isTrue(sendText.repeats({ ...hello, text: "other" }, [{ ...event, body: null }]))
    })

    it("also behind the re-opening that it brought about, but no other command", () => {
      const archived = started.after(archive, { by: worker, basedOn: null })
      assert.isTrue(sendText.repeats(hello, archived.after(sendText, hello).events.slice(-2)))
      assert.isFalse(sendText.repeats(hello, archived.events.slice(-1)))
      assert.isFalse(sendText.repeats(hello, []))
    })
  })
})
