import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { CatchUp } from "./CatchUp.ts"

const frame = (pos: number) => ({ pos, text: `${pos}` })

describe("catching up", () => {
  const upTo20 = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))

  it.prop(
    "3.6 whenever the reading ends and however late live frames are, they make one line, each once",
    { has: upTo20, missed: upTo20, liveAfter: upTo20, before: upTo20 },
    ({ before, has, liveAfter, missed }) => {
      // The client has `has`, the log went to `head` when it was read, live frames began somewhere up to there.
      const head = has + missed
      const live = Array.from({ length: head + 10 }, (_, i) => i + 1).slice(Math.min(liveAfter, head))
      const catchUp = new CatchUp()
      const out: Array<number> = []
      const come = (pos: number) => {
        if (catchUp.admits(frame(pos))) out.push(pos)
      }
      for (const pos of live.slice(0, before)) come(pos)
      for (let pos = has + 1; pos <= head; pos += 1) out.push(pos)
      out.push(...catchUp.end(head).map(({ pos }) => pos))
      for (const pos of live.slice(before)) come(pos)
      assert.deepStrictEqual(
        out,
        Array.from({ length: missed + 10 }, (_, i) => has + 1 + i)
      )
    }
  )

  it("tells how much it holds, so that there can be an end to it", () => {
    const catchUp = new CatchUp()
    for (const pos of [8, 9, 10]) catchUp.admits(frame(pos))
    assert.strictEqual(catchUp.waiting, 4)
    catchUp.end(8)
    assert.strictEqual(catchUp.waiting, 0)
  })
})
