import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isPublished, RespFrames } from "./RespFrames.ts"

const values = [
  "+OK\r\n",
  "$-1\r\n",
  ":12\r\n",
  "*3\r\n$8\r\nsmessage\r\n$4\r\nlive\r\n$6\r\n\r\n*1\r\n\r\n",
  "*0\r\n",
  "*2\r\n*1\r\n:1\r\n$5\r\nhello\r\n",
  ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$0\r\n\r\n",
  "*3\r\n$10\r\nssubscribe\r\n$4\r\nlive\r\n:1\r\n",
  "%1\r\n+a\r\n:2\r\n"
]

describe("RespFrames", () => {
  it.prop(
    "cuts what Redis says into whole values, wherever the network cuts it",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 })))],
    ([sizes]) => {
      const all = Buffer.from(values.join(""), "latin1")
      const frames = new RespFrames()
      const found: Array<string> = []
      const take = (from: number, to: number) => {
        for (const value of frames.take(all.subarray(from, to))) found.push(value.toString("latin1"))
      }
      let at = 0
      for (const size of sizes) {
        take(at, at + size)
        at += size
      }
      take(at, all.length)
      assert.deepStrictEqual(found, values)
    }
  )

  it("tells messages from answers", () => {
    assert.deepStrictEqual(
      values.filter((value) => isPublished(Buffer.from(value, "latin1"))),
      [values[3], values[6]]
    )
  })
})
