import { assert, describe, it } from "@effect/vitest"
import { checkSends as check } from "./checkSends.ts"
import { settled } from "./I2Honest.ts"
import { type Attempt, type Ok, type Recorded, type Sends, tally } from "./Sends.ts"

const stream = "notebook-1"
const recordedAt = (pos: number) => `2026-11-01T09:00:00.${String(pos).padStart(3, "0")}Z`
const tagAt = (pos: number) => `tag ${pos}`

/** The message of send `n`, which is at position n + 1: the first send also opens the stream. */
const event = (n: number, changes: Partial<Recorded> = {}): Recorded => ({
  slice: 7,
  slicePos: n + 1,
  stream,
  pos: n + 1,
  key: `ada/send ${n}`,
  ordinal: n === 1 ? 1 : 0,
  message: { seq: n, content: `text ${n}` },
  recordedAt: recordedAt(n + 1),
  tag: tagAt(n + 1),
  ...changes
})

/** Send `n`, begun at 10 n and answered 5 ms later. */
const attempt = (n: number, changes: Partial<Attempt> = {}, told: Partial<Ok> = {}): Attempt => ({
  process: "a",
  stream,
  key: `ada/send ${n}`,
  content: `text ${n}`,
  began: 10 * n,
  ended: 10 * n + 5,
  outcome: {
    _tag: "Ok",
    pos: n + 1,
    recordedAt: recordedAt(n + 1),
    content: `text ${n}`,
    tag: tagAt(n + 1),
    repeat: false,
    ...told
  },
  ...changes
})

const lostAnswer = (n: number, changes: Partial<Attempt> = {}): Attempt =>
  attempt(n, { ended: Number.POSITIVE_INFINITY, outcome: { _tag: "Unknown", error: "killed" }, ...changes })
const refused = (n: number, error: string, changes: Partial<Attempt> = {}): Attempt =>
  attempt(n, { outcome: { _tag: "Refused", error }, ...changes })

const opened = event(0, { key: "ada/send 1", message: null })
const log = [opened, event(1), event(2), event(3), event(4)]
/** Four sends: one repeated after a lost answer, one refused and sent again. A fifth was lost and is not there. */
const attempts = [
  attempt(1),
  lostAnswer(2),
  attempt(2, { process: "b", began: 24, ended: 29 }, { repeat: true }),
  refused(3, "Busy"),
  attempt(3, { began: 36, ended: 39 }),
  attempt(4),
  lostAnswer(5)
]
const kept: Sends = { attempts, log, seen: log }

const catches = (planted: string, run: Partial<Sends>) =>
  assert.include(
    check({ ...kept, ...run }).map(({ invariant, kind }) => `${invariant} ${kind}`),
    planted
  )
const without = (n: number) => log.filter((each) => each !== log[n])
const instead = (n: number, changes: Partial<Recorded>) =>
  log.map((each, i) => (i === n ? { ...each, ...changes } : each))
const rather = (n: number, other: Attempt) => attempts.map((each, i) => (i === n ? other : each))

describe("the checker of sends", () => {
  it("finds nothing in a run that kept its promises, and counts it", () => {
    assert.deepStrictEqual(check(kept), [])
    assert.deepStrictEqual(check({ attempts: [], log: [] }), [])
    assert.deepStrictEqual(tally(attempts), {
      sends: 5,
      ok: 4,
      fail: 1,
      info: 2,
      retried: 2,
      deduplicated: 1,
      settled: 0,
      errors: { Busy: 1, killed: 2 }
    })
  })

  it("takes a repeat of what nobody else sent for a lost answer that the store settled itself", () => {
    const run = { ...kept, attempts: rather(5, attempt(4, {}, { repeat: true })) }
    assert.deepStrictEqual(check(run), [])
    assert.strictEqual(tally(run.attempts).settled, 1)
  })

  it("lets sends that overlap come in either order", () => {
    const early = attempt(4, { began: 34 })
    assert.deepStrictEqual(check({ ...kept, attempts: rather(5, early) }), [])
  })

  it("I1: an ok that is not in the log", () => catches("I1 lost", { log: without(4), seen: [] }))

  it("I1: bytes in the log that nobody sent, or that another one sent", () => {
    catches("I1 wrong bytes", { log: instead(2, { message: { seq: 2, content: "text 2 " } }) })
    catches("I1 wrong bytes", { log: instead(3, { message: { seq: 3, content: "text 2" } }) })
    catches("I1 wrong bytes", { log: instead(3, { message: { seq: 3, content: null } }) })
  })

  it("I1: an answer with other bytes than the log's", () =>
    catches("I1 wrong bytes", { attempts: rather(5, attempt(4, {}, { content: "text" })) }))

  it("I1: an event that a reader saw and that is gone, or has become another", () => {
    catches("I1 vanished", { log: without(4) })
    catches("I1 vanished", { log: instead(2, { tag: "other" }) })
  })

  it("I2: a refused send that is in the log, and one that nobody sent", () => {
    catches("I2 dishonest", { attempts: rather(4, refused(3, "Unavailable")) })
    catches("I2 dishonest", { log: [...log, event(5, { key: "eve/send 1" })] })
  })

  it("I2: an answer that names another position, time or event", () => {
    catches("I2 other answer", { attempts: rather(5, attempt(4, {}, { pos: 4 })) })
    catches("I2 other answer", { attempts: rather(5, attempt(4, {}, { recordedAt: recordedAt(9) })) })
    catches("I2 other answer", { attempts: rather(2, attempt(2, {}, { repeat: true, tag: "other" })) })
  })

  it("I2: a key reused by nobody", () => {
    catches("I2 dishonest", { attempts: [...attempts, refused(4, "KeyReused")] })
    catches("I2 dishonest", { attempts: [...attempts, refused(9, "KeyReused")] })
    const other = refused(4, "KeyReused", { content: "other" })
    assert.deepStrictEqual(check({ ...kept, attempts: [...attempts, other] }), [])
  })

  it("I2: what was unknown and never settled", () => {
    assert.deepStrictEqual(
      settled(kept).map(({ detail }) => detail),
      ["notebook-1 ada/send 5: 1 attempts, at last killed"]
    )
  })

  it("I3: a gap in a stream, in a slice, in the numbers of messages, and before a reader's eyes", () => {
    catches("I3 gap", { log: without(2) })
    catches("I3 gap", { log: without(0) })
    catches("I3 gap", { log: instead(4, { slicePos: 6 }) })
    catches("I3 gap", { log: instead(4, { pos: 6 }) })
    catches("I3 gap", { log: instead(4, { message: { seq: 5, content: "text 4" } }) })
    catches("I3 gap", { seen: without(2) })
  })

  it("I3: positions or times that do not rise as they are read", () => {
    const swapped = [opened, event(2), event(1), event(3), event(4)]
    catches("I3 reordered", { log: swapped })
    catches("I3 reordered", { seen: swapped })
    catches("I3 reordered", { log: instead(3, { recordedAt: recordedAt(1) }) })
    catches("I3 reordered", { log: instead(4, { message: { seq: 3, content: "text 4" } }) })
  })

  it("I3: a send that was ok before another began, and comes after it", () => {
    const late = attempt(3, { began: 50, ended: 55 })
    catches("I3 reordered", { attempts: [...attempts.slice(0, 3), late, ...attempts.slice(5)] })
    // Also when the other one was never answered.
    const lost = lostAnswer(3, { began: 46 })
    catches("I3 reordered", { attempts: [...attempts.slice(0, 3), lost, ...attempts.slice(5)] })
  })

  it("I4: a send stored twice, and two callers told that they were first", () => {
    const again = event(5, { key: "ada/send 4", message: { seq: 5, content: "text 4" } })
    catches("I4 duplicate", { log: [...log, again] })
    catches("I4 duplicate", { attempts: [...attempts, attempt(4)] })
  })
})
