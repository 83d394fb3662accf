import type { ConversationEvent, Tally } from "@indelible/domain/conversation/ConversationEvent"
import { SubjectId } from "@indelible/domain/subject/SubjectId"

const business = SubjectId.make("0190f1a0-0000-4000-8000-00000000000a")
const worker = SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")
export const people = [business, worker] as const

const tally = (seq: number, sent: readonly [number, number], unread: readonly [number, number]): Tally => ({
  status: "ACTIVE",
  seq,
  sent: { business: sent[0], worker: sent[1] },
  unread: { business: unread[0], worker: unread[1] }
})

/** One of each type in today's shape: what `write.ts` adds to the golden file when a type or version is new. */
export const examples: ReadonlyArray<ConversationEvent> = [
  {
    type: "ConversationStarted",
    facts: { business, worker, tally: tally(0, [0, 0], [0, 0]) },
    body: { applicationId: "application-7" }
  },
  {
    type: "TextSent",
    facts: { side: "business", tally: tally(1, [1, 0], [0, 1]) },
    body: {
      text: "Grüezi 👩🏽‍🔧 مرحبا 你好 <b>x</b>",
      metadata: { shift: "late", count: 2, urgent: false, note: null }
    }
  },
  {
    type: "MessagesDelivered",
    facts: {
      side: "worker",
      upTo: { seq: 1, sent: { business: 1, worker: 0 } },
      tally: tally(1, [1, 0], [0, 1])
    },
    body: null
  },
  {
    type: "MessagesRead",
    facts: {
      side: "worker",
      upTo: { seq: 1, sent: { business: 1, worker: 0 } },
      tally: tally(1, [1, 0], [0, 0])
    },
    body: null
  },
  {
    type: "ConversationArchived",
    facts: { by: "worker", cause: "request", tally: { ...tally(1, [1, 0], [0, 0]), status: "ARCHIVED" } },
    body: null
  },
  {
    type: "ConversationReopened",
    facts: { by: "business", cause: "message", tally: tally(1, [1, 0], [0, 0]) },
    body: null
  }
]
