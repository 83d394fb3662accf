import { assert, describe, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { TypingHere } from "./TypingHere.ts"

const place = {
  conversation: ConversationId.make("0190f1a0-0000-8000-8000-00000000000c"),
  by: SubjectId.make("0190f1a0-0000-4000-8000-00000000000a"),
  to: SubjectId.make("0190f1a0-0000-4000-8000-00000000000b")
}
const over = { ...place, expiresIn: 0 }
const phone = { live: true }
const laptop = { live: true }

describe("typing on this node", () => {
  it("4.1 is over 3 s after the last word of it, to the millisecond", () => {
    const typing = new TypingHere()
    assert.deepStrictEqual(typing.start(phone, place, 0), { ...place, expiresIn: 3_000 })
    assert.deepStrictEqual(typing.due(2_999), [])
    assert.deepStrictEqual(typing.due(3_000), [over])
    assert.deepStrictEqual(typing.due(3_100), [])
    assert.strictEqual(typing.size, 0)
  })

  it("W9 is told once a second, however often it is said, and no renewal is lost", () => {
    const typing = new TypingHere()
    const told = []
    for (let now = 0; now < 10_000; now += 1) {
      const signal = typing.start(phone, place, now)
      if (signal !== undefined) told.push(now)
      if (now % 100 === 0) assert.deepStrictEqual(typing.due(now), [])
    }
    assert.deepStrictEqual(told, [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000])
    // The last one, at 9,999, came too soon to be told: it is when the second is over.
    assert.deepStrictEqual(typing.due(9_999), [])
    assert.deepStrictEqual(typing.due(10_000), [{ ...place, expiresIn: 2_999 }])
    assert.deepStrictEqual(typing.due(12_998), [])
    assert.deepStrictEqual(typing.due(12_999), [over])
  })

  it("W9 is told four times a second when it is begun and stopped all the time, and a new beginning within 500 ms", () => {
    const typing = new TypingHere()
    const told = []
    for (let now = 0; now < 1_000; now += 10) {
      told.push(typing.start(phone, place, now), typing.stop(phone, place), ...typing.due(now))
    }
    const signals = told.filter((signal) => signal !== undefined)
    assert.deepStrictEqual(
      signals.map(({ expiresIn }) => expiresIn),
      [3_000, 0, 3_000, 0, 3_000, 0, 3_000, 0]
    )
    assert.isUndefined(typing.start(phone, place, 990))
    assert.deepStrictEqual(typing.due(1_000), [{ ...place, expiresIn: 2_990 }])
  })

  it("stops when it was stopped on every socket, and only then", () => {
    const typing = new TypingHere()
    typing.start(phone, place, 0)
    typing.start(laptop, place, 0)
    assert.isUndefined(typing.stop(phone, place))
    assert.isUndefined(typing.stop(phone, place))
    assert.deepStrictEqual(typing.stop(laptop, place), over)
    assert.isUndefined(typing.stop(laptop, place))
    assert.isUndefined(typing.end(place))
  })

  it("stops with the sockets it was said on", () => {
    const typing = new TypingHere()
    const tablet = { live: true }
    typing.start(tablet, place, 0)
    tablet.live = false
    assert.deepStrictEqual(typing.due(1), [over])
  })
})
