import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ConversationWorld from "../../../../test/usecases/ConversationWorld.ts"
import { ApplicationRequired } from "./StartConversation.ts"

const asking = { applicationId: "application-7" }

describe("REQ-MSG-001: starting a conversation", () => {
  it.effect("is open to either person of an application", () =>
    Effect.gen(function* () {
      for (const starter of ["business", "worker"] as const) {
        const world = yield* ConversationWorld.make
        const answer = yield* world.start({ ...world.requestBy(world[starter]), ...asking })
        assert.isTrue(answer.created)
        const { head } = yield* world.access.open(world[starter], answer.conversation)
        assert.deepInclude(head.state, { business: world.business, worker: world.worker })
        assert.strictEqual(head.pos, answer.recorded?.pos)
        assert.deepStrictEqual(answer.token, { [head.slice]: head.slicePos })
      }
    })
  )

  it.effect("tells both people's devices, once", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.make
      yield* world.start({ ...world.requestBy(world.worker), ...asking })
      yield* world.start({ ...world.requestBy(world.worker), ...asking })
      const [publication, ...more] = world.published
      assert.lengthOf(more, 0)
      assert.deepStrictEqual(publication?.participants, [world.business, world.worker])
      assert.deepEqual(
        publication?.events.map(({ event }) => event.type),
        ["ConversationStarted"]
      )
    })
  )

  it.effect("AC-MSG-004 H4: again, by either, also at the same moment, returns the one there is", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.make
      const start = (by: typeof world.worker) => world.start({ ...world.requestBy(by), ...asking })
      const answers = yield* Effect.all([start(world.business), start(world.worker), start(world.business)], {
        concurrency: "unbounded"
      })
      assert.lengthOf(new Set(answers.map(({ conversation }) => conversation)), 1)
      assert.lengthOf(
        answers.filter(({ created }) => created),
        1
      )
      const again = yield* start(world.worker)
      assert.deepInclude(again, { created: false, recorded: null, conversation: answers[0].conversation })
    })
  )

  it.effect("a repeat by the same command id is answered as the first time", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.make
      const request = { ...world.requestBy(world.worker), commandId: crypto.randomUUID(), ...asking }
      const first = yield* world.start(request)
      const second = yield* world.start(request)
      assert.deepStrictEqual(second, { ...first, repeat: true })
      assert.lengthOf(world.published, 1)
    })
  )

  it.effect("REQ-MSG-002 H3: needs an open application between its two people", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.make
      const refused = (by: typeof world.worker, applicationId: string) =>
        Effect.map(Effect.flip(world.start({ ...world.requestBy(by), applicationId })), (error) =>
          assert.deepStrictEqual(error, new ApplicationRequired())
        )
      world.apply({ ...world.application, applicationId: "withdrawn", status: "withdrawn" })
      world.apply({ ...world.application, applicationId: "oneself", workerUserId: "acme" })
      world.apply({ ...world.application, applicationId: "unknown-worker", workerUserId: "nobody" })
      world.apply({ ...world.application, applicationId: "unknown-business", businessUserId: "nobody" })
      world.apply({
        ...world.application,
        applicationId: "turned round",
        businessUserId: "wanda",
        workerUserId: "acme"
      })
      yield* refused(world.business, "none")
      yield* refused(world.stranger, "application-7")
      for (const id of ["withdrawn", "oneself", "unknown-worker", "unknown-business", "turned round"]) {
        yield* refused(world.business, id)
      }
      assert.lengthOf(world.published, 0)
      assert.lengthOf(yield* world.store.streamsOf(world.business), 0)
    })
  )

  it.effect("needs both people active, and one of each side", () =>
    Effect.gen(function* () {
      for (const details of [{ status: "suspended" }, { status: "left" }, { role: "compliance" }] as const) {
        const world = yield* ConversationWorld.make
        yield* world.person("wanda", { role: "worker", ...details })
        const error = yield* Effect.flip(world.start({ ...world.requestBy(world.business), ...asking }))
        assert.strictEqual(error._tag, "ApplicationRequired")
      }
    })
  )

  it.effect("withdrawing, suspending or erasing later leaves an existing conversation alone", () =>
    Effect.gen(function* () {
      const world = yield* ConversationWorld.make
      const request = { ...world.requestBy(world.business), ...asking }
      const { conversation } = yield* world.start(request)
      world.apply({ ...world.application, status: "withdrawn" })
      assert.deepInclude(yield* world.start(request), { conversation, created: false })
      yield* world.person("wanda", { status: "suspended" })
      assert.deepInclude(yield* world.start(request), { conversation, created: false })
      const error = yield* Effect.flip(world.start({ ...request, by: world.stranger }))
      assert.strictEqual(error._tag, "ApplicationRequired")
      world.erase("wanda")
      assert.strictEqual((yield* Effect.flip(world.start(request)))._tag, "ApplicationRequired")
      assert.strictEqual((yield* world.access.open(world.business, conversation)).side, "business")
    })
  )
})
