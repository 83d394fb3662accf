import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric } from "effect"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"

const { message, newId, sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from)

const withWorld = <A, E, R>(
  test: (world: Effect.Success<ReturnType<typeof RealtimeWorld.make>>) => Effect.Effect<A, E, R>
) => Effect.scoped(Effect.flatMap(RealtimeWorld.make(), test))

describe("when live delivery is disturbed", () => {
  it.live("F20 I3 I4 I5 lost, late and doubled publications change nothing of what sockets get", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        world.faults.publishing = (n) => ({
          times: [1, 0, 2, 1, 1][n % 5] ?? 1,
          after: [0, 0, 0, 40, 7][n % 5] ?? 0
        })
        yield* Effect.all(
          upTo(60).map((n) =>
            n % 6 === 0
              ? promise(() => acme.ask(message(conversation, `${n}`)))
              : world.send(sending(n % 2 === 0 ? business.subject : worker.subject, conversation, `${n}`))
          ),
          { concurrency: 8 }
        )
        for (const socket of [acme, wanda]) {
          yield* promise(() => socket.when(() => socket.durable.length >= 60))
          yield* promise(() => socket.settled())
          assert.deepStrictEqual(
            socket.durable.map(({ pos }) => pos),
            upTo(61, 2)
          )
        }
        assert.lengthOf(acme.of("message_sent"), 10)
      })
    )
  )

  it.live("I1 acknowledges what is saved even when its turn on the live channel does not come", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const acme = yield* world.connect(business.userId)
        const wanda = yield* world.connect(worker.userId)
        world.faults.log = "away"
        world.faults.publishing = () => ({ times: 0, after: 0 })
        const clientMessageId = newId()
        const answer = yield* promise(() => acme.ask(message(conversation, "saved", clientMessageId)))
        assertFrame(answer, { type: "message_sent", clientMessageId, pos: 2, seq: 1, repeat: true })
        assert.lengthOf(acme.durable, 0)
        world.faults.log = "readable"
        for (const socket of [acme, wanda]) {
          yield* promise(() => socket.when(() => socket.durable.length === 1))
          assertFrame(socket.durable[0], { type: "message_received", pos: 2, text: "saved" })
        }
      })
    )
  )

  it.live("F9 holds frames back while nobody can be named, and then hands out all of them in order", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        world.faults.directory = "away"
        for (const n of upTo(5)) yield* world.send(sending(business.subject, conversation, `${n}`))
        yield* promise(() => wanda.settled())
        assert.lengthOf(wanda.durable, 0)
        world.faults.directory = "readable"
        yield* promise(() => wanda.when(() => wanda.durable.length === 5))
        assert.deepStrictEqual(
          wanda.of("message_received").map(({ sender, text }) => `${sender} ${text}`),
          upTo(5).map((n) => `${business.userId} ${n}`)
        )
      })
    )
  )

  it.live("sends everyone away to begin anew when the log is not the one it was, and goes on", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { business, conversation, worker } = yield* world.pair
        const wanda = yield* world.connect(worker.userId)
        world.faults.log = "replaced"
        assert.strictEqual((yield* promise(() => wanda.closed)).code, 1012)
        const again = yield* world.connect(worker.userId)
        yield* world.send(sending(business.subject, conversation, "after"))
        yield* promise(() => again.frame(({ type }) => type === "message_received"))
        const sendElsewhere = yield* world.elsewhere
        yield* sendElsewhere(sending(business.subject, conversation, "by the other node"))
        yield* promise(() => again.when(() => again.durable.length === 2))
      })
    )
  )

  it.live("counts sockets, frames and closes", () =>
    withWorld(
      Effect.fnUntraced(function* (world) {
        const { worker } = yield* world.pair
        const read = Effect.map(Metric.snapshot, (all) =>
          Object.fromEntries(
            all.flatMap(({ attributes, id, state }) =>
              id.startsWith("indelible_realtime") && ("count" in state || "value" in state)
                ? [
                    [
                      [id, attributes?.code].join(" ").trim(),
                      Number("count" in state ? state.count : state.value)
                    ]
                  ]
                : []
            )
          )
        )
        const before = yield* read
        const wanda = yield* world.connect(worker.userId)
        yield* promise(() => wanda.settled())
        const during = yield* read
        wanda.raw(Buffer.from("binary"))
        yield* promise(() => wanda.closed)
        while (world.sessions.open.size > 0) yield* Effect.sleep("5 millis")
        const after = yield* read
        const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
        assert.strictEqual(during.indelible_realtime_sockets, 1)
        assert.strictEqual(after.indelible_realtime_sockets, 0)
        assert.strictEqual(grown("indelible_realtime_frames_received_total"), 2)
        assert.strictEqual(grown("indelible_realtime_frames_sent_total"), 2)
        assert.strictEqual(grown("indelible_realtime_closes_total 1003"), 1)
      })
    )
  )
})
