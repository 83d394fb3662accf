import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { BadCursor, cursorsOf } from "./Cursor.ts"

const cursors = cursorsOf("inbox", Schema.Struct({ at: Schema.Int, id: Schema.String }))
const place = { at: 1_700_000_000_000, id: "c0ffee" }
const given = cursors.encode("ada", "active", place)
const refused = (user: string, filter: string, cursor: string) =>
  Effect.map(Effect.flip(cursors.decode(user, filter, cursor)), (error) =>
    assert.deepStrictEqual(error, new BadCursor())
  )

describe("Cursor (S6)", () => {
  it.effect("finds its place again and goes into a URL as it is", () =>
    Effect.gen(function* () {
      assert.match(given, /^[A-Za-z0-9_-]+$/)
      assert.deepStrictEqual(yield* cursors.decode("ada", "active", given), place)
    })
  )

  it.effect("belongs to one user, one filter and one list", () =>
    Effect.gen(function* () {
      yield* refused("eve", "active", given)
      yield* refused("ada", "archived", given)
      const search = cursorsOf("search", Schema.Struct({ at: Schema.Int, id: Schema.String }))
      yield* refused("ada", "active", search.encode("ada", "active", place))
    })
  )

  it.effect("is refused when truncated, edited or made up", () =>
    Effect.gen(function* () {
      for (let length = 0; length < given.length; length++)
        yield* refused("ada", "active", given.slice(0, length))
      for (const cursor of ["%", "null", btoa("null"), btoa("{}"), btoa('{"v":2}'), "A".repeat(100_000)]) {
        yield* refused("ada", "active", cursor)
      }
    })
  )
})
