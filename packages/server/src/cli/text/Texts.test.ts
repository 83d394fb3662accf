import { assert, describe, it } from "@effect/vitest"
import type { Comparison } from "@indelible/projections/engine/build/Build"
import { ending, isGood, standing } from "./BuildText.ts"
import { duration } from "./Quantities.ts"
import { coloured, harmless, plain } from "./Style.ts"
import { table } from "./Table.ts"
import { aBuild } from "./testing/ABuild.ts"

const equal: Comparison = { equal: true, rows: 12, events: 40, slices: [], differences: [], parked: [] }
const different: Comparison = {
  equal: false,
  rows: 12,
  events: 40,
  slices: [{ table: "row", slice: 7, liveRows: 2, builtRows: 1 }],
  differences: [
    {
      table: "row",
      slice: 7,
      key: { conversation_id: "c-1", side: 2 },
      kind: "differs",
      fields: [{ field: "unread", live: 3, built: 2 }],
      lastEvent: {
        streamId: "conversation-1",
        streamPos: 9,
        type: "TextSent",
        recordedAt: "2026-11-01T09:00:00.000Z"
      }
    },
    {
      table: "row",
      slice: 7,
      key: { conversation_id: "c-2" },
      kind: "only live",
      fields: [],
      lastEvent: null
    }
  ],
  parked: ["conversation-9"]
}
const times = { begunAt: new Date(0), endedAt: new Date(65_000) }

describe("how a build has ended", () => {
  it("a verification tells field by field, with the last event of each row, and what was left out", () => {
    const build = aBuild({ kind: "verify", state: "done", comparison: different, ...times })
    assert.isFalse(isGood(build))
    assert.deepStrictEqual(ending(build, plain), [
      "inbox: DIFFERENT in 1 place. 12 rows compared, at 40 events.",
      "  row, slice 7: 2 live rows, 1 made anew",
      "",
      "  the first rows that differ:",
      "  row conversation_id=c-1 side=2 (slice 7) differs",
      "    unread: live 3, anew 2",
      "    last event: conversation-1 position 9, TextSent, 2026-11-01T09:00:00.000Z",
      "  row conversation_id=c-2 (slice 7) is in the live tables only",
      "    no event of it was found",
      "  left out, as they are parked in one of the two: 1 stream",
      "    conversation-9",
      "`indelible events read <stream>` shows the events of a row; `indelible projections rebuild inbox` makes the tables anew."
    ])
  })

  it("equal is good; no comparison is no verdict", () => {
    assert.isTrue(isGood(aBuild({ kind: "verify", state: "done", comparison: equal })))
    const none = aBuild({ kind: "verify", state: "done" })
    assert.isFalse(isGood(none))
    assert.include(ending(none, plain)[0], "no verdict")
  })

  it("a rebuild is good also where it healed something, and says how to go back", () => {
    const keptUntil = new Date("2026-11-02T09:00:00Z")
    const build = aBuild({ state: "done", comparison: different, keptUntil, ...times })
    assert.isTrue(isGood(build))
    const text = ending(build, plain).join("\n")
    assert.include(text, "inbox is rebuilt in 1 min 5 s, from 40 events.")
    assert.include(text, "kept until 2026-11-02 09:00:00 UTC; `indelible projections rollback inbox`")
  })

  it("failed and cancelled ones are not good, and left the live tables alone", () => {
    for (const state of ["failed", "cancelled"] as const) {
      const build = aBuild({ state, message: "event TextSent version 9 is unknown" })
      assert.isFalse(isGood(build))
      assert.include(ending(build, plain).join("\n"), "The live tables are as they were.")
    }
    assert.include(ending(aBuild({ state: "failed", message: "why" }), plain)[0], "failed: why")
    assert.include(standing(aBuild({ state: "done", comparison: different, ...times })), "tables DIFFERENT")
  })
})

describe("texts", () => {
  it("durations are as long as one cares for", () =>
    assert.deepStrictEqual([0, 0.2, 59, 60, 250, 3_600, 11_100, 187_200].map(duration), [
      "0 s",
      "1 s",
      "59 s",
      "1 min",
      "4 min 10 s",
      "1 h",
      "3 h 5 min",
      "2 d 4 h"
    ]))

  it("steer no terminal, whatever is in them", () => {
    assert.strictEqual(
      harmless("a\u001B[2Jb\u0007\r\n\u202Ec"),
      "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}c"
    )
    const [, row] = table([{ title: "error", of: (text: string) => text }], ["\u001B]0;x"], plain)
    assert.strictEqual(row, "\u{FFFD}]0;x")
  })

  it("stand in columns, numbers by their last digit, in colour only where that is wanted", () => {
    const columns = [
      { title: "name", of: ([name]: readonly [string, number]) => name },
      { title: "n", of: ([, n]: readonly [string, number]) => String(n), right: true as const }
    ]
    assert.deepStrictEqual(
      table(
        columns,
        [
          ["history", 5],
          ["inbox", 1_200]
        ],
        plain
      ),
      ["name        n", "history     5", "inbox    1200"]
    )
    assert.include(table(columns, [], coloured)[0], "\u001B[2m")
  })
})
