import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { archive } from "./Archive.ts"
import type { ConversationEvent } from "./ConversationEvent.ts"
import { ConversationMovedOn, ConversationNotFound, NotParticipant } from "./ConversationRefusal.ts"
import { markRead } from "./MarkRead.ts"
import { reopen } from "./Reopen.ts"
import { sendText } from "./SendText.ts"
import { business, started, stranger, unstarted, worker } from "./testing/Story.ts"

const now = (by: typeof business) => ({ by, basedOn: null })
const one = started.after(sendText, { by: business, text: "x", metadata: null })
const archived = one.after(archive, now(worker))

const archivedBySystem = (() => {
  const { state } = one
  assert(state !== null)
  const event: ConversationEvent = {
    type: "ConversationArchived",
    facts: { by: "system", cause: "inactivity", tally: { ...state.tally, status: "AUTO_ARCHIVED" } },
    body: null
  }
  return one.with([event])
})()

describe("tasks 4.5, 4.6: archiving and re-opening", () => {
  it("archives for both sides and keeps every count", () => {
    const event = archived.events.at(-1)
    assert(event?.type === "ConversationArchived")
    assert.deepInclude(event.facts, { by: "worker", cause: "request" })
    assert.deepStrictEqual(event.facts.tally, {
      status: "ARCHIVED",
      seq: 1,
      sent: { business: 1, worker: 0 },
      unread: { business: 0, worker: 1 }
    })
  })

  it("re-opens on request of either side", () => {
    const event = archived.after(reopen, now(business)).events.at(-1)
    assert(event?.type === "ConversationReopened")
    assert.deepInclude(event.facts, { by: "business", cause: "request" })
    assert.strictEqual(event.facts.tally.status, "ACTIVE")
  })

  it("H20: archiving twice, by either side, is archiving once; so is re-opening", () => {
    assert.deepStrictEqual(archived.when(archive, now(worker)), Result.succeed([]))
    assert.deepStrictEqual(archived.when(archive, now(business)), Result.succeed([]))
    assert.deepStrictEqual(one.when(reopen, now(worker)), Result.succeed([]))
  })

  it("REQ-MSG-007: what the system archived is archived already, and re-opens like any other", () => {
    assert.deepStrictEqual(archivedBySystem.when(archive, now(worker)), Result.succeed([]))
    assert.strictEqual(archivedBySystem.after(reopen, now(worker)).state?.tally.status, "ACTIVE")
    const sent = archivedBySystem.after(sendText, { by: worker, text: "y", metadata: null })
    assert.deepEqual(
      sent.events.slice(-2).map((event) => event.type),
      ["ConversationReopened", "TextSent"]
    )
  })

  it("does not archive under a message that the person had not seen", () => {
    const answered = one.after(sendText, { by: business, text: "wait", metadata: null })
    assert.deepStrictEqual(
      answered.when(archive, { by: worker, basedOn: 2 }),
      Result.fail(new ConversationMovedOn({ pos: 3 }))
    )
    assert.lengthOf(Result.getOrThrow(answered.when(archive, { by: worker, basedOn: 3 })), 1)
  })

  it("a late request does not undo a later change of status", () => {
    const reopened = archived.after(reopen, now(business))
    assert.deepStrictEqual(
      reopened.when(archive, { by: worker, basedOn: 2 }),
      Result.fail(new ConversationMovedOn({ pos: 4 }))
    )
    const again = reopened.after(archive, now(business))
    assert.deepStrictEqual(
      again.when(reopen, { by: worker, basedOn: 3 }),
      Result.fail(new ConversationMovedOn({ pos: 5 }))
    )
    assert.deepStrictEqual(again.when(archive, { by: worker, basedOn: 2 }), Result.succeed([]), "already so")
    assert.deepStrictEqual(
      reopened.when(reopen, { by: worker, basedOn: 3 }),
      Result.succeed([]),
      "already so"
    )
  })

  it("marks move nothing that archiving depends on", () => {
    const read = one.after(markRead, { by: worker, upTo: "head" })
    assert.lengthOf(Result.getOrThrow(read.when(archive, { by: worker, basedOn: 2 })), 1)
  })

  it.each([archive, reopen])("refuses a stranger, and an unknown conversation", (decider) => {
    assert.deepStrictEqual(archived.when(decider, now(stranger)), Result.fail(new NotParticipant()))
    assert.deepStrictEqual(unstarted.when(decider, now(worker)), Result.fail(new ConversationNotFound()))
  })

  it("knows its own repeat", () => {
    const archiving = archived.events.slice(-1)
    const reopening = archived.after(reopen, now(worker)).events.slice(-1)
    const sending = archived.after(sendText, { by: worker, text: "y", metadata: null }).events.slice(-2)
    assert.isTrue(archive.repeats({ by: worker, basedOn: 2 }, archiving))
    assert.isTrue(reopen.repeats(now(worker), reopening))
    assert.isFalse(archive.repeats(now(worker), reopening))
    assert.isFalse(reopen.repeats(now(worker), archiving))
    assert.isFalse(reopen.repeats(now(worker), sending))
    assert.isFalse(archive.repeats(now(worker), archivedBySystem.events.slice(-1)))
  })
})
