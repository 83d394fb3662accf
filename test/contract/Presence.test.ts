import { assert, describe, it } from "@effect/vitest"
import { Presence } from "@indelible/application/live/Presence"
import * as MemoryPresence from "@indelible/infrastructure/memory/MemoryPresence"
import { PresenceSettings } from "@indelible/infrastructure/presence/PresenceSettings"
import { Clock, Effect, Layer, References } from "effect"
import { TestClock } from "effect/testing"
import * as TestRedis from "../servers/TestRedis.ts"
import * as PresenceOnRedis from "./PresenceOnRedis.ts"
import { grace, presenceContract, someone } from "./presenceContract.ts"

const settings = Layer.effect(
  PresenceSettings,
  Effect.map(PresenceSettings, (usual) => ({ ...usual, grace }))
)

presenceContract("memory", MemoryPresence.layer.pipe(Layer.provide(settings)))

// A machine without Redis has been told why.
for (const kind of TestRedis.redisKinds.filter((each) => !TestRedis.redisIsMissing(each))) {
  const onRedis = Effect.gen(function* () {
    const { presence } = yield* PresenceOnRedis.join(yield* TestRedis.start(kind), { grace })
    return presence
  })
  const silent = Layer.succeed(References.MinimumLogLevel, "None")
  presenceContract(`Redis (${kind})`, Layer.effect(Presence, onRedis).pipe(Layer.provide(silent)))
}

describe("presence as it is promised", () => {
  it.effect("4.2 somebody is there for 3 s after their last socket, and last seen for 30 days", () =>
    Effect.gen(function* () {
      const presence = yield* Presence
      const a = someone()
      const now = Effect.map(presence.of([a]), (found) => found.get(a))
      yield* TestClock.adjust("1 hour")
      yield* presence.arrive(a, "both")
      yield* TestClock.adjust("100 days")
      const left = yield* Clock.currentTimeMillis
      yield* presence.depart(a, "both")
      yield* TestClock.adjust("2999 millis")
      assert.deepStrictEqual(yield* now, { online: true, lastSeenAt: null })
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* now, { online: false, lastSeenAt: left })
      yield* TestClock.adjust("29 days")
      assert.deepStrictEqual(yield* now, { online: false, lastSeenAt: left })
      yield* TestClock.adjust("1 days")
      assert.deepStrictEqual(yield* now, { online: false, lastSeenAt: null })
    }).pipe(Effect.provide(MemoryPresence.layer))
  )
})
