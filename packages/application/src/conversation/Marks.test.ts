import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"

/** 1 started, 2 3 business, 4 worker, 5 archived, 6 re-opened, 7 business. */
const talked = Effect.gen(function* () {
  const world = yield* ConversationWorld.started
  const { business, of, say, worker } = world
  yield* say(business, "one")
  yield* say(business, "two")
  yield* say(worker, "three")
  yield* world.archive({ ...of(worker), basedOn: null })
  yield* say(business, "four")
  world.published.length = 0
  return world
})

describe.each(["read", "deliver"] as const)("REQ-MSG-005: %s", (mark) => {
  it.effect("up to a message, an event or everything, with the counts of that place", () =>
    Effect.gen(function* () {
      for (const [upTo, seq, fromBusiness] of [
        [{ message: 2 }, 1, 1],
        [{ message: 4 }, 3, 2],
        [{ pos: 5 }, 3, 2],
        [{ message: 7 }, 4, 3],
        ["all", 4, 3]
      ] as const) {
        const world = yield* talked
        const answer = yield* world[mark]({ ...world.of(world.worker), upTo })
        assert.deepInclude(answer.recorded, { pos: 8 })
        const { state } = (yield* world.access.open(world.worker, world.conversation)).head
        const marked = mark === "read" ? state.marks.worker.read : state.marks.worker.delivered
        assert.deepStrictEqual(marked, { seq, sent: { business: fromBusiness, worker: seq - fromBusiness } })
        const unread = mark === "read" ? 3 - fromBusiness : 3
        assert.strictEqual(answer.recorded?.tally.unread.worker, unread)
        assert.lengthOf(world.published, 1)
      }
    })
  )

  it.effect("before the first message is nothing new", () =>
    Effect.gen(function* () {
      const world = yield* talked
      const answer = yield* world[mark]({ ...world.of(world.worker), upTo: { pos: 1 } })
      assert.deepInclude(answer, { recorded: null, repeat: false })
    })
  )

  it.effect("H15: again, or less, or in any order, ends at the furthest", () =>
    Effect.gen(function* () {
      const world = yield* talked
      const places = [3, 2, 7, 3, 7, 4].map((message) =>
        world[mark]({ ...world.of(world.worker), upTo: { message } })
      )
      const answers = yield* Effect.all(places, { concurrency: "unbounded" })
      assert.isAtMost(answers.filter(({ recorded }) => recorded !== null).length, 3)
      const { state } = (yield* world.access.open(world.worker, world.conversation)).head
      assert.strictEqual(state.marks.worker.delivered.seq, 4)
      assert.strictEqual(state.tally.unread.worker, mark === "read" ? 0 : 3)
      assert.strictEqual(state.marks.business.delivered.seq, 0)
    })
  )

  it.effect("H15: nothing there, or no message, is not found", () =>
    Effect.gen(function* () {
      const world = yield* talked
      const at = (upTo: { readonly pos: number } | { readonly message: number }) =>
        Effect.map(Effect.flip(world[mark]({ ...world.of(world.worker), upTo })), (error) =>
          assert.strictEqual(error._tag, "MessageNotFound", JSON.stringify(upTo))
        )
      for (const nothing of [0, -1, 8, 1e15, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        yield* at({ message: nothing })
        yield* at({ pos: nothing })
      }
      for (const other of [1, 5, 6]) yield* at({ message: other })
      assert.lengthOf(world.published, 0)
    })
  )

  it.effect("everything, repeated by its id after more came, is what it was the first time", () =>
    Effect.gen(function* () {
      const world = yield* talked
      const request = { ...world.of(world.worker), commandId: crypto.randomUUID(), upTo: "all" as const }
      const first = yield* world[mark](request)
      yield* world.say(world.business, "five")
      const second = yield* world[mark](request)
      assert.deepStrictEqual(second, { ...first, repeat: true, token: second.token })
      const elsewhere = yield* Effect.flip(world[mark]({ ...request, upTo: { message: 2 } }))
      assert.strictEqual(elsewhere._tag, "KeyReused")
    })
  )
})
