import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"

const { message, sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)

describe("a node that stops", () => {
  it.live("F5 says so, answers what it began, closes with 1012, and loses nothing it acknowledged", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        const frames = Array.from({ length: 40 }, (_, n) => message(conversation, `${n}`))
        for (const frame of frames) acme.post(frame)
        yield* promise(() => acme.frame(({ type }) => type === "message_sent"))

        const begun = performance.now()
        yield* world.stopGateway
        assert.isBelow(performance.now() - begun, 3_500)
        for (const socket of [acme, wanda]) {
          assert.strictEqual((yield* promise(() => socket.closed)).code, 1012)
          const [draining] = socket.of("draining")
          assert.isTrue(draining !== undefined && draining.retryAfterMs > 0)
        }
        assert.strictEqual(world.sessions.open.size, 0)

        // Repeating everything settles what was not answered; what was, is as it was.
        const saved = new Map<string, number>()
        for (const { clientMessageId, text } of frames) {
          const answer = yield* world.send({
            ...sending(business.subject, conversation, text),
            clientMessageId
          })
          saved.set(clientMessageId, answer.pos)
        }
        const acknowledged = acme.of("message_sent")
        assert.isAbove(acknowledged.length, 0)
        for (const { clientMessageId, pos } of acknowledged)
          assert.strictEqual(saved.get(clientMessageId), pos)
        for (const { code } of acme.of("error")) assert.strictEqual(code, "draining")

        const late = world.open({ token: yield* promise(() => world.token(business.userId)) })
        assert.strictEqual(yield* promise(() => late.refused), 503)
      })
    )
  )

  it.live("F5 waits for nobody longer than 3 s", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business } = yield* world.pair
        const asleep = yield* world.connect(business.userId)
        asleep.socket.pause()
        const begun = performance.now()
        yield* world.stopGateway
        assert.isBelow(performance.now() - begun, 3_500)
        while (world.sessions.open.size > 0) yield* Effect.sleep("5 millis")
        asleep.socket.resume()
        assertFrame(yield* promise(() => asleep.frame(({ type }) => type === "draining")), {})
      })
    )
  )
})
