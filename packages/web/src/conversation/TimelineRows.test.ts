import type { MessageEntry, SystemEntry, Timeline } from "@indelible/client"
import { assert, describe, it } from "vitest"
import { posOf, rowsOf } from "./TimelineRows.ts"

const message = (pos: number, at: Date, mine = false): MessageEntry => ({
  kind: "message",
  key: `m${pos}`,
  id: `m${pos}`,
  pos,
  seq: pos,
  clientMessageId: null,
  mine,
  text: "hello",
  metadata: null,
  at: at.toISOString(),
  state: mine ? "sent" : null,
  deliveredAt: null,
  readAt: null,
  failure: null
})
const archived = (pos: number, at: Date): SystemEntry => ({
  kind: "system",
  key: `s${pos}`,
  pos,
  at: at.toISOString(),
  change: "archived",
  by: "me",
  cause: "request"
})
// Local times: days are those of the device.
const monday = (hour: number, minute = 0) => new Date(2026, 10, 23, hour, minute)
const tuesday = (hour: number, minute = 0) => new Date(2026, 10, 24, hour, minute)

const timeline = (entries: Timeline["entries"], more: Partial<Timeline> = {}): Timeline => ({
  entries,
  hasEarlier: true,
  hasLater: false,
  loading: "idle",
  error: null,
  firstUnread: null,
  ...more
})
const kinds = (of: Timeline) => rowsOf(of).map(({ kind }) => kind)

describe("rows of a timeline", () => {
  it("separate days as the device's calendar has them", () => {
    const rows = rowsOf(
      timeline([message(1, monday(23, 59)), message(2, tuesday(0, 1)), message(3, tuesday(9))])
    )
    assert.deepStrictEqual(
      rows.map(({ kind }) => kind),
      ["day", "message", "day", "message", "message"]
    )
    assert.strictEqual(new Set(rows.map(({ key }) => key)).size, rows.length)
  })

  it("have keys of their own when a clock ran backwards", () => {
    const rows = rowsOf(timeline([message(1, tuesday(1)), message(2, monday(1)), message(3, tuesday(2))]))
    assert.strictEqual(new Set(rows.map(({ key }) => key)).size, rows.length)
  })

  it("say where the conversation begins, once its beginning is loaded", () => {
    assert.deepStrictEqual(kinds(timeline([message(1, monday(9))], { hasEarlier: false })), [
      "beginning",
      "day",
      "message"
    ])
    assert.deepStrictEqual(kinds(timeline([], { hasEarlier: false })), [])
  })

  it("mark the first unread message", () => {
    assert.deepStrictEqual(
      kinds(timeline([message(1, monday(9)), message(2, monday(10))], { firstUnread: 2 })),
      ["day", "message", "unread", "message"]
    )
  })

  it("draw together what one person wrote at one go", () => {
    const rows = rowsOf(
      timeline([
        message(1, monday(9, 0)),
        message(2, monday(9, 1)),
        message(3, monday(9, 30)),
        message(4, monday(9, 31), true),
        archived(5, monday(9, 31)),
        message(6, monday(9, 32), true)
      ])
    )
    assert.deepStrictEqual(
      rows.flatMap((row) => (row.kind === "message" ? [row.continues] : [])),
      [false, true, false, false, false]
    )
    assert.deepStrictEqual(rows.map(posOf), [null, 1, 2, 3, 4, 5, 6])
  })
})
