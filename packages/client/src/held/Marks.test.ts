import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { begun, entriesOf, Step, timeAt } from "../../../../test/client/Histories.ts"
import { withKnownMarks, withMark } from "./Marks.ts"

const History = Schema.Array(Step).check(Schema.isMaxLength(30))
const late = timeAt(1_000)
const seqOf = (entries: ReturnType<typeof entriesOf>) =>
  entries.flatMap((entry) => (entry.kind === "message" ? [entry.seq] : [])).at(-1) ?? 0

describe("a mark on entries", () => {
  it("reaches the messages of whoever did not make it, up to its number, and system entries never", () => {
    const entries = entriesOf(["mine", "theirs", "archived by me", "mine"])
    const marked = withMark(entries, { kind: "delivered", mine: false, upToSeq: 2, at: late })
    const had = marked.map((entry) => (entry.kind === "message" ? entry.deliveredAt : "system"))
    assert.deepStrictEqual(had, [late, null, "system", null])
    const own = withMark(entries, { kind: "read", mine: true, upToSeq: 9, at: late })
    assert.deepStrictEqual(
      own.map((entry) => (entry.kind === "message" ? [entry.deliveredAt, entry.readAt] : [])),
      [[null, null], [late, late], [], [null, null]]
    )
  })

  it.prop(
    "made twice is made once, and leaves what it says nothing new of as it is",
    [History],
    ([steps]) => {
      const entries = entriesOf(steps)
      const mark = { kind: "read", mine: false, upToSeq: seqOf(entries), at: late } as const
      const once = withMark(entries, mark)
      assert.strictEqual(withMark(once, mark), once)
      for (const [index, entry] of entries.entries()) {
        const isNews = entry.kind === "message" && entry.mine && entry.readAt === null
        assert.strictEqual(once[index] === entry, !isNews)
      }
    }
  )

  it.prop("never takes an earlier time back", [History], ([steps]) => {
    const entries = entriesOf(steps)
    for (const [index, entry] of withMark(entries, {
      ...{ kind: "read", mine: false, upToSeq: seqOf(entries), at: late }
    } as const).entries()) {
      const before = entries[index]
      if (entry.kind !== "message" || before?.kind !== "message") continue
      assert.strictEqual(entry.deliveredAt, before.deliveredAt ?? (entry.mine ? late : null))
      assert.strictEqual(entry.readAt, before.readAt ?? (entry.mine ? late : null))
    }
  })

  it("is put on what was read a moment before it, both kinds each for itself", () => {
    const entries = entriesOf(["mine", "mine", "theirs"])
    const [had, read] = [timeAt(7), timeAt(8)]
    const held = begun({ delivered: { upToSeq: 2, at: had }, read: { upToSeq: 1, at: read } })
    assert.deepStrictEqual(
      withKnownMarks(entries, held).map((entry) =>
        entry.kind === "message" ? [entry.deliveredAt, entry.readAt] : []
      ),
      [
        [had, read],
        [had, null],
        [null, null]
      ]
    )
    assert.strictEqual(withKnownMarks(entries, begun()), entries)
  })
})
