import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"

describe("tasks 4.5, 4.6: archiving and re-opening", () => {
  it.effect("changes the status for both people, and tells their devices", () =>
    Effect.gen(function* () {
      const { archive, business, of, published, reopen, worker } = yield* ConversationWorld.started
      const archived = yield* archive({ ...of(worker), basedOn: 1 })
      assert.deepInclude(archived.recorded, { pos: 2 })
      assert.strictEqual(archived.recorded?.tally.status, "ARCHIVED")
      const reopened = yield* reopen({ ...of(business), basedOn: 2 })
      assert.strictEqual(reopened.recorded?.tally.status, "ACTIVE")
      assert.deepEqual(
        published.flatMap(({ events }) => events.map(({ event }) => event.type)),
        ["ConversationArchived", "ConversationReopened"]
      )
      const [recorded] = published.flatMap(({ events }) => events)
      assert.deepInclude(recorded?.stored.header, { type: "ConversationArchived", schemaVersion: 2 })
      assert.deepInclude(recorded?.stored.header.facts, { by: "worker", cause: "request" })
    })
  )

  it.effect("H20: twice is once, and says how far the log reaches all the same", () =>
    Effect.gen(function* () {
      const { archive, business, of, published, worker } = yield* ConversationWorld.started
      const first = yield* archive({ ...of(worker), basedOn: null })
      const second = yield* archive({ ...of(business), basedOn: null })
      assert.deepStrictEqual(second, { recorded: null, repeat: false, token: first.token })
      assert.lengthOf(published, 1)
    })
  )

  it.effect("a retry that comes after a later change gets the first answer and undoes nothing", () =>
    Effect.gen(function* () {
      const { access, archive, business, conversation, of, reopen, worker } = yield* ConversationWorld.started
      const request = { ...of(worker), commandId: crypto.randomUUID(), basedOn: 1 }
      const first = yield* archive(request)
      yield* reopen({ ...of(business), basedOn: null })
      assert.deepStrictEqual((yield* archive(request)).recorded, first.recorded)
      assert.strictEqual((yield* access.open(worker, conversation)).head.state.tally.status, "ACTIVE")
    })
  )

  it.effect("a request on what the person had not seen is refused, saying where the conversation is", () =>
    Effect.gen(function* () {
      const { archive, business, of, reopen, say, worker } = yield* ConversationWorld.started
      const { pos } = yield* say(business, "wait")
      assert.include(yield* Effect.flip(archive({ ...of(worker), basedOn: pos - 1 })), {
        _tag: "ConversationMovedOn",
        pos
      })
      yield* archive({ ...of(worker), basedOn: pos })
      assert.include(yield* Effect.flip(reopen({ ...of(business), basedOn: pos })), {
        _tag: "ConversationMovedOn",
        pos: pos + 1
      })
    })
  )
})
