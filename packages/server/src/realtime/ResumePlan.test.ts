import { assert, describe, it } from "@effect/vitest"
import { streamOf } from "@indelible/application/conversation/ConversationCommands"
import type { StartedConversation } from "@indelible/domain/conversation/Conversation"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { business, started, stranger, worker } from "@indelible/domain/conversation/testing/Story"
import { sliceCount } from "@indelible/infrastructure/envelope/SliceOf"
import { type ConversationHead, othersOf, resumePlan } from "./ResumePlan.ts"

const idOf = (n: number) => ConversationId.make(`0190f1a0-0000-8000-8000-${String(n).padStart(12, "0")}`)
const tagOf = (n: number) => String(n).padStart(16, "0")

const state = (): StartedConversation => {
  if (started.state === null) throw new Error("it was not started")
  return started.state
}

/** Conversation `n`, whose newest event is at `pos`. */
const head = (n: number, pos: number): ConversationHead => ({
  streamId: streamOf(idOf(n)),
  pos,
  slice: n % sliceCount,
  slicePos: pos,
  tag: tagOf(pos),
  state: state()
})

const none = { heads: [], more: false }
const plan = (
  cursors: Parameters<typeof resumePlan>[1],
  heads: ReadonlyArray<ConversationHead>,
  subject = worker
) => resumePlan(subject, cursors, new Map(heads.map((each) => [each.streamId, each])), none)

describe("what a resume reads", () => {
  it("is what follows the cursor, and the event there, whose tag tells whether history is the same", () => {
    const { resuming } = plan([{ conversationId: idOf(1), pos: 5, tag: tagOf(5) }], [head(1, 9)])
    assert.deepStrictEqual(
      resuming.map(({ after, limit }) => ({ after, limit })),
      [{ after: 4, limit: 5 }]
    )
  })

  it("is everything for a client that has nothing", () => {
    const { resuming } = plan([{ conversationId: idOf(1), pos: 0 }], [head(1, 9)])
    assert.deepStrictEqual(
      resuming.map(({ after, limit }) => ({ after, limit })),
      [{ after: 0, limit: 9 }]
    )
  })

  it("is nothing when the client has all there is", () => {
    const { resuming, settled } = plan([{ conversationId: idOf(1), pos: 9, tag: tagOf(9) }], [head(1, 9)])
    assert.deepStrictEqual(
      resuming.map(({ limit }) => limit),
      [0]
    )
    assert.deepStrictEqual(settled, [])
  })

  it.each([
    ["a position beyond the head", 10, tagOf(10)],
    ["another tag at the head", 9, tagOf(8)]
  ])("W12 is nothing for %s: the client has to begin anew", (_, pos, tag) => {
    assert.deepStrictEqual(plan([{ conversationId: idOf(1), pos, tag }], [head(1, 9)]), {
      own: none,
      resuming: [],
      settled: [{ conversationId: idOf(1), state: "resync" }]
    })
  })

  it("W5 is nothing of what is another's, which looks like what does not exist", () => {
    const cursors = [idOf(1), idOf(2)].map((conversationId) => ({ conversationId, pos: 0 }))
    const { resuming, settled } = plan(cursors, [head(1, 9)], stranger)
    assert.deepStrictEqual(resuming, [])
    assert.deepStrictEqual(
      settled.map((told) => told.state),
      ["not_found", "not_found"]
    )
  })

  it("has an end, of one conversation and of all together, however much was missed", () => {
    const heads = Array.from({ length: 10 }, (_, n) => head(n, 1_000))
    const { resuming } = plan(
      heads.map((_, n) => ({ conversationId: idOf(n), pos: 1, tag: tagOf(1) })),
      heads
    )
    assert.lengthOf(resuming, 10)
    assert.deepStrictEqual(
      resuming.map(({ limit }) => limit),
      [201, 201, 101, 0, 0, 0, 0, 0, 0, 0]
    )
  })
})

describe("one's other conversations", () => {
  it("are those that were not named", () => {
    const others = othersOf(business, [{ conversationId: idOf(1), pos: 0 }], [head(1, 9), head(2, 3)])
    assert.deepStrictEqual(others, [{ conversationId: idOf(2), pos: 3, tag: tagOf(3), unread: 0 }])
  })
})
