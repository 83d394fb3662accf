import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric, Redacted, References } from "effect"
import { Redis } from "ioredis"
import { appended, inboxOf, secretText, storedEvent, until } from "../../../../test/contract/BusMessages.ts"
import { join } from "../../../../test/contract/BusOnRedis.ts"
import { redisPrograms } from "../../../../test/servers/RedisPrograms.ts"
import * as RedisServer from "../../../../test/servers/RedisServer.ts"
import * as InstallationKey from "../keys/InstallationKey.ts"
import type { DropReason } from "./LiveBusMeasures.ts"
import { liveEnvelope } from "./LiveEnvelope.ts"

const running = Effect.tap(RedisServer.make(), ({ start }) => start)

const dropped = (reason: DropReason) =>
  Effect.map(Metric.snapshot, (all) =>
    all.reduce(
      (sum, { attributes, id, state, type }) =>
        type === "Counter" && id === "indelible_live_bus_dropped_total" && attributes?.reason === reason
          ? sum + Number(state.count)
          : sum,
      0
    )
  )

const mark = (slicePos: number) => appended(storedEvent(3, slicePos, "mark"))
/** Counted for one test alone; servers that do not answer are complained about. */
const apart = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  body.pipe(
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.provideService(References.MinimumLogLevel, "None")
  )

describe.skipIf(redisPrograms === undefined)("RedisLiveBus", () => {
  it.live("hands out nothing that no node of the installation made, counts it, and goes on", () =>
    Effect.gen(function* () {
      const server = yield* running
      const { bus, redis } = yield* join(server.url)
      const { bus: other } = yield* join(server.url)
      const inbox = yield* inboxOf(bus)
      // Only who listens counts what comes.
      yield* inboxOf(other)
      yield* Effect.all([until(bus.connected), until(other.connected)])
      const seals = (installation: number) =>
        liveEnvelope(
          InstallationKey.make(Redacted.make(new Uint8Array(32).fill(installation))).mac("live-bus-key", ""),
          Buffer.from("a sender")
        )
      const ours = seals(1).seal([Buffer.of(99, 0, 0, 0, 1, 7)])
      const payloads = [
        Buffer.from("x"),
        Buffer.from("\u0001not even long enough"),
        Buffer.concat([Buffer.of(1), Buffer.alloc(200)]),
        seals(2).seal([Buffer.of(1, 0, 0, 0, 0)]),
        // One bit of the sender, of the content and of the MAC.
        ...[3, 10, ours.length - 1].map((at) => ours.map((byte, i) => (i === at ? byte ^ 1 : byte))),
        // Ours, of a kind to come, and ours, but cut off or empty within.
        ours,
        seals(1).seal([Buffer.of(1, 0, 0, 0, 9)]),
        seals(1).seal([Buffer.of(1, 0, 0, 0, 0)])
      ]
      for (const payload of payloads) yield* redis.publish(redis.key("live", "3"), payload)
      yield* other.publish(mark(1))
      yield* until(Effect.sync(() => inbox.length > 0))
      assert.lengthOf(inbox, 1)
      const counts = Effect.all({
        forged: dropped("forged"),
        unknown: dropped("unknown"),
        unreadable: dropped("unreadable")
      })
      // Both nodes hear each of them, one maybe later than the other.
      const heardByBoth = ({ forged, unknown, unreadable }: Effect.Success<typeof counts>) =>
        forged + unknown + unreadable >= 2 * payloads.length
      yield* until(Effect.map(counts, heardByBoth))
      // An unknown version counts as a kind to come.
      assert.deepStrictEqual(yield* counts, { forged: 12, unknown: 4, unreadable: 4 })
    }).pipe(apart)
  )

  it.live("shows no content to whoever listens", () =>
    Effect.gen(function* () {
      const server = yield* running
      const { bus, redis } = yield* join(server.url)
      const tap = yield* Effect.acquireRelease(
        Effect.sync(() => new Redis(Redacted.value(server.url))),
        (listening) => Effect.sync(() => listening.disconnect())
      )
      let heard = Buffer.alloc(0)
      tap.on("smessageBuffer", (_: Buffer, payload: Buffer) => {
        heard = Buffer.concat([heard, payload])
      })
      yield* Effect.promise(() => tap.ssubscribe(redis.key("live", "3")))
      yield* bus.publish(appended(storedEvent(3, 1, "message")))
      yield* until(Effect.sync(() => heard.length > 0))
      assert.include(heard.toString("latin1"), "MessageSent")
      assert.notInclude(heard.toString("latin1"), secretText)
    })
  )

  it.live("F18 never makes its publisher wait, keeps at most 4 MB, and counts what it drops", () =>
    Effect.gen(function* () {
      const server = yield* running
      const { bus } = yield* join(server.url)
      const { bus: other } = yield* join(server.url)
      const inbox = yield* inboxOf(other)
      yield* Effect.all([until(bus.connected), until(other.connected)])
      yield* server.freeze
      const message = appended(storedEvent(3, 1, "message"))
      const size = message.events.reduce(
        (sum, { body, headerBytes }) => sum + headerBytes.length + (body?.length ?? 0),
        0
      )
      const count = Math.ceil((2 * 4 * 1024 * 1024) / size)
      // Twice what there is room for, quicker than what waits is given up.
      yield* Effect.forEach(Array.from({ length: count }), () => bus.publish(message), { discard: true })
      assert.isAtLeast(yield* dropped("full"), count / 4)
      yield* until(Effect.map(bus.connected, (yes) => !yes))
      yield* until(Effect.map(dropped("unsent"), (unsent) => unsent > 0))
      yield* server.thaw
      yield* until(
        Effect.all([bus.connected, other.connected]).pipe(Effect.map((both) => !both.includes(false)))
      )
      const before = inbox.length
      yield* bus.publish(mark(2))
      yield* until(Effect.sync(() => inbox.length > before))
    }).pipe(apart)
  )
})
