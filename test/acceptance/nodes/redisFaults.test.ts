import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Metric, Redacted, References, Schedule, Schema } from "effect"
import { Redis } from "ioredis"
import * as TcpProxy from "../../faults/TcpProxy.ts"
import { ask } from "../../http/Ask.ts"
import { assertWhole, connect, type Passage, pass } from "../../nodes/Conversing.ts"
import * as Installation from "../../nodes/Installation.ts"
import * as NodeHere from "../../nodes/NodeHere.ts"
import { redisPrograms } from "../../servers/RedisPrograms.ts"
import * as RedisServer from "../../servers/RedisServer.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

// What the product promises whatever becomes of Redis, in milliseconds.
const arrivesWithin = 5_000
const mostAcknowledgedWithin = 2_000

const Ready = Schema.Struct({
  status: Schema.Literal("ready"),
  degraded: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})

const degraded = ({ origin }: { readonly origin: string }) =>
  Effect.map(
    Effect.promise(() => ask(origin, "GET", "/health/ready")),
    (answer) => Object.keys(answer.as(Ready).degraded ?? {}).join()
  )

const until = (node: { readonly origin: string }, parts: "" | "redis") =>
  degraded(node).pipe(
    Effect.repeat({ until: (found) => found === parts, schedule: Schedule.spaced("25 millis") }),
    Effect.timeout("20 seconds")
  )

const byTheBus = Effect.map(Metric.snapshot, (all) =>
  all.reduce(
    (sum, { id, state, type }) =>
      type === "Counter" && id === "indelible_live_bus_received_total" ? sum + Number(state.count) : sum,
    0
  )
)

/** Two nodes on one Redis that is not there yet, each by a proxy of its own, and two people who talk across them. */
const twoNodes = Effect.gen(function* () {
  const server = yield* RedisServer.make()
  const installation = yield* Installation.make(yield* TestDatabase.make("embedded"))
  const node = Effect.fnUntraced(function* (name: string) {
    const proxy = yield* TcpProxy.make({ port: server.port })
    const variables = yield* installation.variablesOf(name, `redis://127.0.0.1:${proxy.port}`)
    return { proxy, ...(yield* NodeHere.start({ ...variables, ROLES: "edge" })) }
  })
  const [a, b] = yield* Effect.all([node("a"), node("b")], { concurrency: 2 })
  const { business, conversation, worker } = yield* installation.pair(a.origin)
  const acme = yield* connect(a.port, yield* installation.tokenOf(business))
  const wanda = yield* connect(b.port, yield* installation.tokenOf(worker))
  const passages: Array<Passage> = []

  /** So many messages, each way in turn. */
  const talk = (count: number) =>
    Effect.forEach(Array.from({ length: count }), (_, i) =>
      Effect.map(
        i % 2 === 0 ? pass(conversation, acme, wanda) : pass(conversation, wanda, acme),
        (passage) => void passages.push(passage)
      )
    )
  const both = <A, E>(does: (node: typeof a) => Effect.Effect<A, E>) => Effect.all([does(a), does(b)])
  const heal = Effect.andThen(
    both(({ proxy }) => proxy.heal),
    both((each) => until(each, ""))
  )
  return { a, acme, b, both, heal, passages, server, talk, wanda }
})

class TwoNodes extends Context.Service<TwoNodes, Effect.Success<typeof twoNodes>>()(
  "@indelible/test/acceptance/nodes/TwoNodes"
) {}
const layer = Layer.effect(TwoNodes, twoNodes).pipe(
  Layer.provide(Layer.succeed(References.MinimumLogLevel, "None"))
)

describe.skipIf(redisPrograms === undefined)("a conversation across two nodes", () => {
  // One after the other: each begins where all is well again.
  it.layer(layer, { excludeTestServices: true, timeout: "2 minutes" })((it) => {
    it.effect(
      "F16 goes on without a Redis at the start, which readiness tells, and by the bus once it is there",
      () =>
        Effect.gen(function* () {
          const { both, heal, server, talk } = yield* TwoNodes
          assert.deepStrictEqual(yield* both(degraded), ["redis", "redis"])
          yield* talk(4)
          assert.strictEqual(yield* byTheBus, 0)
          yield* server.start
          yield* heal
          yield* talk(4)
          yield* Effect.timeout(Effect.repeat(byTheBus, { while: (count) => count === 0 }), "20 seconds")
        })
    )

    it.effect("F17 loses nothing when Redis is killed and comes back empty", () =>
      Effect.gen(function* () {
        const { both, heal, server, talk } = yield* TwoNodes
        yield* server.kill9
        yield* talk(4)
        yield* both((node) => until(node, "redis"))
        yield* talk(2)
        yield* server.start
        yield* heal
        yield* talk(2)
      })
    )

    it.effect("F18 loses nothing while Redis answers after 2 s, or never", () =>
      Effect.gen(function* () {
        const { a, both, heal, talk } = yield* TwoNodes
        const slow = ({ proxy }: typeof a) => proxy.delay(1_000)
        const silent = ({ proxy }: typeof a) => proxy.blackhole
        for (const trouble of [slow, silent]) {
          yield* both(trouble)
          yield* talk(4)
          yield* both((node) => until(node, "redis"))
          yield* talk(2)
          yield* heal
        }
      })
    )

    it.effect("F19 loses nothing when Redis is flushed", () =>
      Effect.gen(function* () {
        const { server, talk } = yield* TwoNodes
        const stranger = new Redis(Redacted.value(server.url))
        yield* Effect.promise(() => stranger.flushall())
        stranger.disconnect()
        yield* talk(4)
      })
    )

    it.effect("F20 loses nothing when publications are lost and late", () =>
      Effect.gen(function* () {
        const { a, b, both, heal, talk } = yield* TwoNodes
        yield* Effect.all([a.proxy.delay(20), b.proxy.delay(100)])
        const cutting = both(({ proxy }) => proxy.cutAll).pipe(
          Effect.andThen(Effect.sleep("150 millis")),
          Effect.forever
        )
        yield* Effect.raceFirst(cutting, talk(12))
        yield* heal
      })
    )

    it.effect("F21 loses nothing when one node loses Redis and the other keeps it", () =>
      Effect.gen(function* () {
        const { a, b, heal, talk } = yield* TwoNodes
        yield* b.proxy.refuse
        yield* until(b, "redis")
        assert.strictEqual(yield* degraded(a), "")
        yield* talk(4)
        yield* heal
      })
    )

    it.effect("I3 I4 I5 has every message on both sides, once, in order and in time", () =>
      Effect.gen(function* () {
        const { acme, passages, wanda } = yield* TwoNodes
        for (const socket of [acme, wanda]) {
          yield* Effect.promise(() => socket.settled())
          // A node that heard late of the start, without the bus, may tell it to whoever is there by then.
          const first = socket.durable[0]?.pos === 1 ? 1 : 2
          assertWhole(socket, first)
          assert.strictEqual(socket.durable.at(-1)?.pos, passages.length + 1)
        }
        for (const { arrived } of passages) assert.isBelow(arrived, arrivesWithin)
        const acknowledged = passages.map((passage) => passage.acknowledged).sort((x, y) => x - y)
        assert.isBelow(acknowledged[Math.floor(acknowledged.length * 0.95)] ?? 0, mostAcknowledgedWithin)
      })
    )
  })
})
