import { assert, describe, it } from "@effect/vitest"
import { deal } from "./Ownership.ts"

const everyone = (sessions: ReadonlyArray<number>, objects: ReadonlyArray<number>) =>
  sessions.flatMap((session) => objects.map((object) => ({ object, session })))

const shares = (dealt: ReadonlyMap<number, number>) => {
  const counts = new Map<number, number>()
  for (const session of dealt.values()) counts.set(session, (counts.get(session) ?? 0) + 1)
  return counts
}

describe("dealing out what nodes do", () => {
  it("gives one node everything", () => {
    assert.deepStrictEqual(shares(deal(everyone([7], [1, 2, 3]))), new Map([[7, 3]]))
  })

  it("shares evenly, and nothing is left or done twice", () => {
    const dealt = deal(everyone([7, 9, 3], [1, 2, 3, 4, 5, 6, 7, 8]))
    assert.strictEqual(dealt.size, 8)
    assert.deepStrictEqual([...shares(dealt).values()].sort(), [2, 3, 3])
  })

  it("gives what only one node knows to that node, whatever the others have (a new program is rolled out)", () => {
    const dealt = deal([...everyone([7, 9], [1, 2, 3]), { object: 4, session: 9 }])
    assert.strictEqual(dealt.get(4), 9)
    assert.strictEqual(dealt.size, 4)
  })

  it("gives nothing to nobody", () => {
    assert.strictEqual(deal([]).size, 0)
  })
})
