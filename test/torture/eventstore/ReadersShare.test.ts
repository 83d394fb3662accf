import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { meta, note, owner } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make, streamIn } from "./LogWorld.ts"

describe.each(TestDatabase.whichServers())("several readers of one node, on %s", (server) => {
  for (const readers of [1, 2, 3]) {
    for (const limit of [1, 2]) {
      it.live(`${readers} with pages of ${limit}: no busy slice starves another for any of them`, () =>
        Effect.gen(function* () {
          const world = yield* make(server)
          const store = yield* world.node("a")
          const slices = [10, 20, 30, 40]
          for (const slice of slices) {
            const stream = streamIn(slice)
            yield* Effect.forEach(
              Array.from({ length: 20 }),
              () => store.execute(note, stream, { owner, text: "one" }, meta()),
              { concurrency: "unbounded" }
            )
          }
          const cursors = Array.from({ length: readers }, () => new Map(slices.map((slice) => [slice, 0])))
          // In lockstep, as readers that the same commit wakes are.
          for (let round = 0; round < 24; round++) {
            for (const cursor of cursors) {
              const page = yield* store.readSlices(
                Array.from(cursor, ([slice, after]) => ({ slice, after })),
                limit
              )
              for (const { slice, slicePos } of page) cursor.set(slice, slicePos)
            }
          }
          for (const cursor of cursors) {
            const fair = (24 * limit) / slices.length
            for (const reached of cursor.values()) assert.isAtLeast(reached, fair / 2, [...cursor].join(" "))
          }
        })
      )
    }
  }
})
