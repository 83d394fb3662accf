import { assert, describe, it } from "@effect/vitest"
import type { EventHeader } from "@indelible/application/store/EventHeader"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { streamId } from "@indelible/application/store/StreamId"
import type { ArchiveCause, ConversationEvent, Tally } from "@indelible/domain/conversation/ConversationEvent"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { conversationOf, eventFrames } from "./EventFrames.ts"

const business = SubjectId.make("0190f1a0-0000-4000-8000-00000000000a")
const worker = SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")
const conversation = ConversationId.make("0190f1a0-0000-8000-8000-00000000000c")
const clientMessageId = "0190f1a0-0000-4000-8000-0000000000f1"
const at = "2026-11-01T09:00:00.000Z"
const tally: Tally = {
  status: "ACTIVE",
  seq: 3,
  sent: { business: 2, worker: 1 },
  unread: { business: 0, worker: 2 }
}

const stored = (header: Partial<EventHeader>): StoredEvent => ({
  slice: 0,
  slicePos: 1,
  streamId: streamId("conversation", conversation),
  header: {
    v: 1,
    streamId: `conversation-${conversation}`,
    streamPos: 7,
    type: "TextSent",
    schemaVersion: 1,
    recordedAt: at,
    actor: business,
    participants: [business, worker],
    keyId: null,
    keyCommitment: null,
    bodyHash: null,
    correlationId: "c",
    causationId: null,
    node: "n",
    client: "test",
    commandKey: `${business}/${clientMessageId}`,
    ordinal: 0,
    facts: {},
    ...header
  },
  headerBytes: new Uint8Array(),
  headerHash: new Uint8Array(32).fill(0xab),
  body: null
})

const userIdOf = (subject: SubjectId) => (subject === business ? "acme" : undefined)
const place = { conversationId: conversation, pos: 7, tag: "ab".repeat(8) }

describe("EventFrames", () => {
  it("tells the recipient, the sender's other devices and the sending one each their own", () => {
    const event: ConversationEvent = {
      type: "TextSent",
      facts: { side: "business", tally },
      body: { text: "<i>hi</i>", metadata: null }
    }
    const { asked, author, everyone, unread } = eventFrames(conversation, stored({}), event, userIdOf)
    const received = {
      type: "message_received",
      ...place,
      messageId: `${conversation}.7`,
      seq: 3,
      sentAt: at,
      sender: "acme",
      kind: "TEXT",
      text: "hi",
      metadata: null
    }
    assert.deepEqual<unknown>(everyone, received)
    assert.deepEqual<unknown>(author, { ...received, clientMessageId })
    assert.deepEqual<unknown>(asked, {
      type: "message_sent",
      ...place,
      messageId: `${conversation}.7`,
      seq: 3,
      sentAt: at,
      clientMessageId
    })
    assert.deepEqual<unknown>(unread, {
      subject: worker,
      frame: { type: "unread_count", conversationId: conversation, unread: 2 }
    })
  })

  it("6.5 shows a text whose key is gone as no longer retained, and an erased person as DELETED_USER", () => {
    const header = stored({ actor: worker, commandKey: `${worker}/import-7` })
    const event = { type: "TextSent" as const, facts: { side: "worker" as const, tally }, body: null }
    const { asked, everyone } = eventFrames(conversation, header, event, userIdOf)
    assert.deepInclude<object>(everyone, { text: null, metadata: null, sender: "DELETED_USER" })
    // Named by no client's id: there is nothing to match it with.
    assert.strictEqual(asked, everyone)
  })

  it("tells of receipts, and the reader of what is left", () => {
    const facts = { side: "worker" as const, upTo: { seq: 2, sent: tally.sent }, tally }
    const header = stored({ actor: worker })
    const read = eventFrames(conversation, header, { type: "MessagesRead", facts, body: null }, userIdOf)
    assert.deepEqual<unknown>(read.everyone, {
      type: "message_read",
      ...place,
      by: "DELETED_USER",
      at,
      upToSeq: 2
    })
    assert.strictEqual(read.unread?.subject, worker)
    const delivered = eventFrames(
      conversation,
      header,
      { type: "MessagesDelivered", facts, body: null },
      userIdOf
    )
    assert.strictEqual(delivered.everyone.type, "message_delivered")
    assert.isUndefined(delivered.unread)
  })

  it("tells of changes by people and by the system", () => {
    const told = (event: ConversationEvent, actor: SubjectId | "system") =>
      eventFrames(conversation, stored({ actor }), event, userIdOf).everyone
    const archived = (by: "business" | "system", cause: ArchiveCause): ConversationEvent => ({
      type: "ConversationArchived",
      facts: { by, cause, tally: { ...tally, status: "ARCHIVED" } },
      body: null
    })
    const updated = { type: "conversation_updated", ...place, change: "archived", status: "ARCHIVED", at }
    assert.deepEqual<unknown>(told(archived("business", "request"), business), {
      ...updated,
      by: "acme",
      cause: "request"
    })
    assert.deepEqual<unknown>(told(archived("system", "inactivity"), "system"), {
      ...updated,
      by: null,
      cause: "inactivity"
    })
    const reopened: ConversationEvent = {
      type: "ConversationReopened",
      facts: { by: "business", cause: "message", tally },
      body: null
    }
    assert.deepInclude(told(reopened, business), { change: "reopened", cause: "message" })
    const started: ConversationEvent = {
      type: "ConversationStarted",
      facts: { business, worker, tally },
      body: { applicationId: "application-7" }
    }
    assert.deepInclude(told(started, business), { change: "started", cause: null })
  })

  it("gives an event of a newer program its place all the same", () => {
    const { asked, author, everyone } = eventFrames(
      conversation,
      stored({ type: "ImageSent" }),
      undefined,
      userIdOf
    )
    assert.deepEqual<unknown>(everyone, {
      type: "conversation_updated",
      ...place,
      change: "other",
      status: null,
      by: "acme",
      cause: null,
      at
    })
    assert.strictEqual(author, everyone)
    assert.strictEqual(asked, everyone)
  })

  it("knows a conversation's stream from others", () => {
    assert.strictEqual(conversationOf(`conversation-${conversation}`), conversation)
    assert.isUndefined(conversationOf("audit-2026-11-01"))
    assert.isUndefined(conversationOf("conversation-x"))
  })
})
