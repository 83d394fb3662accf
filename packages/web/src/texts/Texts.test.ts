import { assert, describe, it } from "vitest"
import { Arabic } from "./Arabic.ts"
import { datesIn, dayNumber } from "./Dates.ts"
import { English } from "./English.ts"
import { refusalText } from "./Refusal.ts"

describe("texts", () => {
  it("say numbers as each language does", () => {
    assert.strictEqual(English.unread(1), "1 unread message")
    assert.strictEqual(English.unread(2000), "2,000 unread messages")
    const said = new Set([0, 1, 2, 3, 11, 100].map(Arabic.unread))
    assert.strictEqual(said.size, 6)
    assert.include(Arabic.unread(2), "رسالتان")
  })

  it("have a form for every number, and no sign of it left", () => {
    for (const texts of [English, Arabic]) {
      for (const count of [0, 1, 2, 3, 10, 11, 99, 100, 101, 1_000_000]) {
        for (const say of [
          texts.unread,
          texts.results,
          texts.charactersLeft,
          texts.waiting,
          texts.rateLimited
        ]) {
          assert.match(say(count), /\S/)
          assert.notInclude(say(count), "#")
        }
      }
    }
  })

  it("tell when to try again, and have words for what nobody foresaw", () => {
    const refused = Object.assign(new Error("no"), { code: "rate_limited", retryAfterMs: 61_000 })
    assert.include(refusalText(English, refused), "2 minutes")
    const strange = Object.assign(new Error("no"), { code: "constructor", retryAfterMs: null })
    assert.strictEqual(refusalText(English, strange), English.refusedOtherwise)
    assert.strictEqual(refusalText(English, new Error("no")), English.refusedOtherwise)
  })
})

describe("dates", () => {
  const now = new Date(2026, 10, 26, 0, 30).getTime()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString()
  const dates = datesIn("en")

  it("go by the days of the device's calendar, not by 24 hours", () => {
    assert.strictEqual(dates.day(at(26, 0), now), "Today")
    assert.strictEqual(dates.day(at(25, 23), now), "Yesterday")
    assert.strictEqual(dates.day(at(24, 23), now), "Tuesday, November 24")
    assert.strictEqual(dates.day(new Date(2025, 1, 3).toISOString(), now), "February 3, 2025")
    assert.strictEqual(dayNumber(now) - dayNumber(new Date(2026, 10, 25, 23, 59).getTime()), 1)
  })

  it("are as short as they can be in a list", () => {
    assert.match(dates.short(at(26, 0), now), /^12:00\sAM$/)
    assert.strictEqual(dates.short(at(22, 9), now), "Sunday")
    assert.strictEqual(dates.short(at(12, 9), now), "Nov 12")
  })
})
