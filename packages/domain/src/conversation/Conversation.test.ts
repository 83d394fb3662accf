import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { archive } from "./Archive.ts"
import { conversation, sideOf } from "./Conversation.ts"
import type { ConversationEvent, ConversationStatus, Mark, Side } from "./ConversationEvent.ts"
import { markDelivered } from "./MarkDelivered.ts"
import { markRead } from "./MarkRead.ts"
import { reopen } from "./Reopen.ts"
import { sendText } from "./SendText.ts"
import { business, recordedAt, type Story, started, stranger, worker } from "./testing/Story.ts"

const Chance = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999 }))
const Step = Schema.Struct({
  side: Schema.Literals(["business", "worker"]),
  act: Schema.Literals(["send", "send", "read", "deliver", "read all", "archive", "reopen"]),
  /** Chooses an event among those so far, or one past them. */
  place: Chance
})
type Step = typeof Step.Type
const Steps = Schema.Array(Step).check(Schema.isMaxLength(80))

/** The same conversation kept the slow and obvious way: every message, and how far each side has got. */
class NaiveConversation {
  readonly messages: Array<Side> = []
  readonly read = { business: 0, worker: 0 }
  readonly delivered = { business: 0, worker: 0 }
  status: ConversationStatus = "ACTIVE"

  sent(side: Side): number {
    return this.messages.filter((sender) => sender === side).length
  }

  unread(side: Side): number {
    return this.messages.filter((sender, index) => sender !== side && index + 1 > this.read[side]).length
  }

  apply({ act, side }: Step, upTo: number) {
    if (act === "send") {
      this.messages.push(side)
      this.status = "ACTIVE"
    }
    if (act === "archive") this.status = "ARCHIVED"
    if (act === "reopen") this.status = "ACTIVE"
    if (upTo > this.messages.length) return
    if (act === "read" || act === "read all") this.read[side] = Math.max(this.read[side], upTo)
    if (act !== "archive" && act !== "reopen" && act !== "send") {
      this.delivered[side] = Math.max(this.delivered[side], upTo)
    }
  }
}

const people = { business, worker }

/** Where a step marks: at an event of the past, with the counts that event carries, or one message too far. */
const placeIn = (story: Story, place: number): Mark => {
  const { seq, sent } = story.events[place % (story.pos + 1)]?.facts.tally ?? {
    seq: -1,
    sent: { business: 0, worker: 0 }
  }
  const head = story.state?.tally ?? { seq: 0, sent: { business: 0, worker: 0 } }
  return seq === -1
    ? { seq: head.seq + 1, sent: { ...head.sent, business: head.sent.business + 1 } }
    : { seq, sent }
}

type Decided = Result.Result<ReadonlyArray<ConversationEvent>, { readonly _tag: string }>

const decide = (story: Story, { act, side }: Step, mark: Mark): Decided => {
  const by = people[side]
  switch (act) {
    case "send":
      return story.when(sendText, { by, text: "x", metadata: null })
    case "read":
      return story.when(markRead, { by, upTo: mark })
    case "deliver":
      return story.when(markDelivered, { by, upTo: mark })
    case "read all":
      return story.when(markRead, { by, upTo: "head" })
    case "archive":
      return story.when(archive, { by, basedOn: null })
    case "reopen":
      return story.when(reopen, { by, basedOn: null })
  }
}

describe("a conversation", () => {
  it.prop(
    "NFR-MSG-USAB-005 I6: counts, marks and status are exact after every step of any history",
    [Steps],
    ([steps]) => {
      const naive = new NaiveConversation()
      let story = started
      for (const step of steps) {
        const mark = placeIn(story, step.place)
        const decided = decide(story, step, mark)
        if (Result.isFailure(decided)) assert.strictEqual(decided.failure._tag, "MarkBeyondHead")
        story = story.with(Result.getOrElse(decided, () => []))
        naive.apply(step, step.act === "read all" ? naive.messages.length : mark.seq)

        const { state } = story
        assert(state !== null)
        assert.deepStrictEqual(state.tally, {
          status: naive.status,
          seq: naive.messages.length,
          sent: { business: naive.sent("business"), worker: naive.sent("worker") },
          unread: { business: naive.unread("business"), worker: naive.unread("worker") }
        })
        assert.deepStrictEqual(state.tally, story.events.at(-1)?.facts.tally, "facts say what the state says")
        for (const side of ["business", "worker"] as const) {
          const { delivered, read } = state.marks[side]
          assert.strictEqual(read.seq, naive.read[side])
          assert.strictEqual(delivered.seq, naive.delivered[side])
          assert.isAtLeast(delivered.seq, read.seq)
        }
        if (step.act !== "send") {
          const again = decide(story, step, mark)
          assert.isTrue(Result.isFailure(again) || again.success.length === 0, "asked again: nothing new")
        }
      }
    },
    { arbitrary: { runs: 400, size: 80 } }
  )

  it.prop(
    "its state is small after any history, and lies in the store as it is",
    [Steps],
    ([steps]) => {
      const story = steps.reduce(
        (soFar, step) =>
          soFar.with(Result.getOrElse(decide(soFar, step, placeIn(soFar, step.place)), () => [])),
        started
      )
      const encoded = Schema.encodeUnknownSync(conversation.stored.codec)(story.state)
      const json = JSON.stringify(encoded)
      // The same fields whatever happened; only numbers get longer, and no number here has more than 3 digits.
      assert.isBelow(json.length, 600)
      assert.deepStrictEqual(
        Schema.decodeUnknownSync(conversation.stored.codec)(JSON.parse(json)),
        story.state
      )
    },
    { arbitrary: { runs: 100, size: 80 } }
  )

  it("remembers when and where the newest message and status are", () => {
    const story = started
      .after(sendText, { by: worker, text: "x", metadata: null })
      .after(markRead, { by: business, upTo: "head" })
    assert.deepInclude(story.state, { statusPos: 1, lastMessagePos: 2, lastMessageAt: recordedAt(2) })
    assert.deepInclude(story.after(archive, { by: worker, basedOn: null }).state, {
      statusPos: 4,
      lastMessagePos: 2
    })
  })

  it("belongs to its two people", () => {
    assert.deepStrictEqual(conversation.participants(started.state), [business, worker])
    assert.deepStrictEqual(conversation.participants(null), [])
    const { state } = started
    assert(state !== null)
    assert.strictEqual(sideOf(state, business), "business")
    assert.strictEqual(sideOf(state, worker), "worker")
    assert.strictEqual(sideOf(state, stranger), null)
  })

  it("ignores what comes before its start, so that a fold is total", () => {
    const [, sent] = started.after(sendText, { by: worker, text: "x", metadata: null }).events
    assert(sent?.type === "TextSent")
    assert.strictEqual(conversation.evolve(null, { ...sent, pos: 1, recordedAt: recordedAt(1) }), null)
  })
})
