import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"

const slices = [10, 20, 30, 40]
const rounds = 24

describe.each(TestDatabase.oneServer())("several readers of one node, on %s", (server) => {
  it.live("in lockstep, with pages smaller than what is behind: no slice starves for any of them", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const store = yield* world.node("a")
      for (const stream of slices.map((slice) => streamIn(slice))) {
        yield* Effect.forEach(
          Array.from({ length: rounds }),
          () => store.execute(note, stream, { owner, text: "one" }, meta()),
          { concurrency: "unbounded" }
        )
      }
      for (const limit of [1, 2, 3]) {
        for (const readers of [1, 2, 3]) {
          const cursors = Array.from(
            { length: readers },
            () => new Map<number, number>(slices.map((slice) => [slice, 0]))
          )
          for (let round = 0; round < rounds; round++) {
            // As readers that the same commit wakes.
            for (const cursor of cursors) {
              const page = yield* store.readSlices(
                Array.from(cursor, ([slice, after]) => ({ slice, after })),
                limit
              )
              for (const { slice, slicePos } of page) cursor.set(slice, slicePos)
            }
          }
          for (const cursor of cursors) {
            const fair = (rounds * limit) / slices.length
            for (const reached of cursor.values()) {
              assert.isAtLeast(reached, fair / 2, `${readers} readers, pages of ${limit}: ${[...cursor]}`)
            }
          }
        }
      }
    })
  )
})
