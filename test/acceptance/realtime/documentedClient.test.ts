import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as TcpProxy from "../../faults/TcpProxy.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"
import { DocumentedClient } from "./DocumentedClient.ts"

const { sending } = RealtimeWorld

const eventually = (holds: () => boolean, told: () => unknown) =>
  Effect.repeat(Effect.delay(Effect.sync(holds), "20 millis"), { until: (yes) => yes }).pipe(
    Effect.timeoutOrElse({
      duration: "15 seconds",
      orElse: () => Effect.die(new Error(JSON.stringify(told())))
    })
  )

describe("the client that docs/protocol.md shows", () => {
  it.live("F30 tells everything once and in order, however often its line is cut", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        const send = (n: number) => world.send(sending(business.subject, conversation, `text ${n}`))
        for (let n = 1; n <= 250; n += 1) yield* send(n)
        const proxy = yield* TcpProxy.make({ port: world.port })
        const token = yield* Effect.promise(() => world.token(worker.userId))
        const client = yield* Effect.acquireRelease(
          Effect.sync(() => new DocumentedClient(`ws://127.0.0.1:${proxy.port}/ws`, token)),
          (started) => Effect.promise(() => started.stop())
        )
        const texts = () => client.told.flatMap(({ text }) => (text === undefined ? [] : [text]))
        yield* eventually(() => texts().length === 250, texts)
        for (let round = 0; round < 3; round += 1) {
          yield* proxy.cutAll
          for (let n = 1; n <= 10; n += 1) yield* send(251 + round * 10 + n - 1)
          yield* eventually(() => texts().length === 260 + round * 10, texts)
        }
        assert.deepStrictEqual(
          texts(),
          Array.from({ length: 280 }, (_, i) => `text ${i + 1}`)
        )
        const positions = client.told.map(({ pos }) => pos)
        assert.deepStrictEqual(
          positions,
          positions.map((_, i) => i + 1)
        )
        assert.include(
          client.told.map(({ type }) => type),
          "message_delivered"
        )
      })
    )
  )
})
