import { assert, describe, it } from "@effect/vitest"
import type { Line, LineOf } from "../history/Line.ts"
import { check } from "./check.ts"
import { storyOf } from "./Story.ts"
import { summarise } from "./summary.ts"
import { again, arrives, changed, fault, lines } from "./testing/AStory.ts"

const found = (history: ReadonlyArray<Line>) =>
  new Set(check(storyOf(history)).map(({ invariant, kind }) => `${invariant} ${kind}`))
/** That this is found, and nothing that has nothing to do with it. */
const finds = (expected: ReadonlyArray<string>, history: ReadonlyArray<Line>) =>
  assert.deepStrictEqual([...found(history)].toSorted(), expected.toSorted())

const isTake = (line: Line, proc: string, pos: number) =>
  (line.op === "take" && line.proc === proc && line.seen.some((seen) => seen.pos === pos)) ||
  (line.op === "frame" && line.proc === proc && line.pos === pos)

describe("the checker", () => {
  it("finds nothing in a history in which every promise was kept, and counts it", () => {
    assert.deepStrictEqual(check(storyOf(lines)), [])
    const { counts, delivery } = summarise(storyOf(lines))
    assert.deepInclude(counts, { sends: 2, ok: 2, fail: 0, info: 0, "gap-filled": 0 })
    assert.strictEqual(delivery.all.max, 5)
  })

  it("I1 a send that was acknowledged and is not there, or of which a device is shown another text", () => {
    assert.include(
      [...found(changed((line) => (line.op === "event" && line.pos === 3 ? undefined : line)))],
      "I1 lost"
    )
    finds(
      ["I1 wrong bytes"],
      changed((line) =>
        line.op === "frame" && line.proc === "bob/1" && line.pos === 3 ? { ...line, hash: "other" } : line
      )
    )
  })

  it("I1 a message without its text, its number or its sender, and one that is taken back", () => {
    const frameOf = (changes: Partial<LineOf<"frame">>) =>
      changed((line) =>
        line.op === "frame" && line.proc === "bob/1" && line.pos === 3 ? { ...line, ...changes } : line
      )
    for (const changes of [{ hash: null }, { seq: 3 }, { sender: "bob" }, { kind: "message_read" }]) {
      finds(["I1 wrong bytes"], frameOf(changes))
    }
    const takenBack = { op: "taken back", phase: "info", proc: "bob/1", conv: "conversation" } as const
    finds(["I1 vanished"], [...lines, { ...takenBack, state: "resync", t: 500 }])
  })

  it("I2 a send that was refused and is there, and one of which nobody knows what became of it", () => {
    const ending = (phase: "fail" | "info") =>
      changed((line) =>
        line.op === "send" && line.phase === "ok" && line.call === 3
          ? { ...line, phase, error: "gone" }
          : line
      )
    finds(["I2 dishonest"], ending("fail"))
    finds(["I2 never settled"], ending("info"))
  })

  it("I2 a send that was refused and is there, though it was sent again, and a repeat of what nobody had sent", () => {
    const refused = changed((line) =>
      line.op === "send" && line.phase === "ok" && line.call === 3
        ? { ...line, phase: "fail", error: "gone" }
        : line
    )
    finds(["I2 dishonest"], [...refused, ...again(400, true)])
    finds(
      ["I2 dishonest"],
      [
        ...changed((line) =>
          line.op === "send" && line.phase === "ok" && line.call === 3 ? { ...line, repeat: true } : line
        )
      ]
    )
  })

  describe("I3 I4 lists", () => {
    it("a list that does not rise, or has something twice", () => {
      const historyOf = (positions: ReadonlyArray<number>) =>
        changed((line) =>
          line.op === "history" && line.user === "bob"
            ? { ...line, seen: positions.flatMap((pos) => line.seen.filter((seen) => seen.pos === pos)) }
            : line
        )
      finds(["I3 reordered"], historyOf([3, 2]))
      finds(["I4 duplicate"], historyOf([2, 3, 3]))
    })

    it("frames of one connection that go back, or come again", () => {
      const again = arrives("bob", 2, 220).filter(({ op }) => op === "frame")
      const twice = arrives("bob", 3, 220).filter(({ op }) => op === "frame")
      finds(["I3 reordered", "I4 duplicate"], [...lines.slice(0, -1), ...again])
      finds(["I4 duplicate"], [...lines.slice(0, -1), ...twice])
      // While it asks for what it missed they may.
      finds(
        [],
        [...lines, ...again.map((line) => (line.op === "frame" ? { ...line, via: "resume" as const } : line))]
      )
    })
  })

  describe("I5 delivery", () => {
    const late = (t: number) =>
      changed((line) => (isTake(line, "bob/1", 3) ? undefined : line)).concat(arrives("bob", 3, t))

    it("a message that a connected device never has, or too late", () => {
      finds(
        ["I5 late", "I5 missing"],
        changed((line) => (isTake(line, "bob/1", 3) ? undefined : line))
      )
      finds(["I5 late", "I5 slow"], late(5_211))
      finds(["I5 slow"], late(5_209))
      finds([], late(1_000))
    })

    it("may take until 5 s after something was down, and no longer", () => {
      finds([], [...late(7_000), ...fault("outage", 150, 2_100)])
      finds(["I5 late"], [...late(7_200), ...fault("outage", 150, 2_100)])
      // What was away was the node of somebody else.
      finds(["I5 late"], [...late(7_000), ...fault("outage", 150, 2_100, "node b")])
      finds([], [...late(7_000), ...fault("outage", 150, 2_100, "node a")])
      // What may be lost is no excuse.
      finds(["I5 late", "I5 slow"], [...late(7_000), ...fault("losable", 150, 2_100)])
    })

    it("is owed to a device from when it is connected", () => {
      const away = (from: number) =>
        late(from + 4_000).map(
          (line): Line =>
            line.op === "session" && line.user === "bob" && line.phase === "ok" ? { ...line, t: from } : line
        )
      finds([], away(3_000))
    })
  })

  describe("I6 receipts", () => {
    it("a mark that goes back, comes before its message, or that nobody made", () => {
      const marked = (pos: number, upTo: number) =>
        changed((line) => (line.op === "event" && line.pos === pos ? { ...line, upTo } : line))
      assert.include([...found(marked(5, 0))], "I6 went back")
      assert.include([...found(marked(5, 3))], "I6 too early")
      assert.include([...found(marked(5, 2))], "I6 made up")
      const unsaid = changed((line) => (line.op === "ack" ? undefined : line))
      finds(["I6 made up"], unsaid)
    })

    it("a mark that was answered ok and is not there, and one that was made before anybody said so", () => {
      const unread = (line: Line) =>
        line.op === "event" && line.pos === 5 ? { ...line, type: "MessagesDelivered", upTo: 3 } : line
      assert.include([...found(changed(unread))], "I6 lost mark")
      assert.include(
        [...found(changed((line) => (line.op === "read" ? { ...line, t: line.t + 200, pos: null } : line)))],
        "I6 made up"
      )
      // All of it, of which nothing came before the mark was on disk.
      finds(
        [],
        changed((line) => (line.op === "read" ? { ...line, pos: null, known: 2 } : line))
      )
    })

    it("a number of unread messages that is wrong, wherever it is told", () => {
      const wrong = (op: "inbox" | "unread" | "badge") =>
        changed((line) =>
          line.op === op && line.user === "bob" ? { ...line, unread: line.unread + 1 } : line
        )
      for (const op of ["inbox", "unread", "badge"] as const) finds(["I6 wrong count"], wrong(op))
      finds(
        ["I6 wrong count"],
        changed((line) =>
          line.op === "event" && line.pos === 3 ? { ...line, unread: { business: 0, worker: 1 } } : line
        )
      )
    })

    it("a history that shows another receipt than the log has", () => {
      finds(
        ["I6 wrong receipt"],
        changed((line) =>
          line.op === "history" && line.user === "ada"
            ? {
                ...line,
                receipts: line.receipts.map((receipt) => ({ ...receipt, readAt: receipt.deliveredAt }))
              }
            : line
        )
      )
    })
  })

  describe("I7 projections", () => {
    it("an event that history, search or inbox skipped, or shows otherwise", () => {
      finds(
        ["I7 skipped"],
        changed((line) =>
          line.op === "history" && line.user === "bob" ? { ...line, seen: line.seen.slice(0, 1) } : line
        )
      )
      finds(
        ["I7 skipped"],
        changed((line) => (line.op === "search" ? { ...line, seen: [] } : line))
      )
      finds(
        ["I7 made up"],
        changed((line) => (line.op === "search" ? { ...line, seen: [3, 2] } : line))
      )
      finds(
        ["I7 wrong row"],
        changed((line) => (line.op === "inbox" ? { ...line, messages: 1 } : line))
      )
      finds(
        ["I7 skipped"],
        changed((line) => (line.op === "inbox" && line.user === "bob" ? undefined : line))
      )
      finds(["I7 made up"], [...lines, ...lines.filter((line) => line.op === "inbox" && line.user === "bob")])
      finds(
        ["I7 wrong row"],
        changed((line) =>
          line.op === "history"
            ? { ...line, seen: line.seen.map((seen) => ({ ...seen, hash: "other" })) }
            : line
        )
      )
    })

    it("a read model that differs from its rebuild", () => {
      finds(
        ["I7 differs"],
        changed((line) => (line.op === "verify" ? { ...line, phase: "fail" } : line))
      )
    })
  })

  describe("I8 losable parts", () => {
    const failing = changed((line) =>
      line.op === "send" && line.phase === "ok" && line.call === 3
        ? { ...line, phase: "fail", error: "unavailable" }
        : line
    )

    it("a send that is not answered ok while such a part is away", () => {
      assert.include([...found([...failing, ...fault("losable", 150, 300)])], "I8 noticed")
      assert.notInclude([...found([...failing, ...fault("losable", 250, 300)])], "I8 noticed")
      // Unless something else is down as well.
      const both = [...failing, ...fault("losable", 150, 300), ...fault("outage", 190, 205)]
      assert.notInclude([...found(both)], "I8 noticed")
    })
  })
})
