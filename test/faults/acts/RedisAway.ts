import { connect } from "node:net"
import { Effect } from "effect"
import { percentile } from "../../bench/Latencies.ts"
import type { Fault, Played } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { type Stage, within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"
import type { World } from "../world/World.ts"
import { answersSince } from "./Answers.ts"
import { counter, sum } from "./Figures.ts"
import { allShown } from "./WhoIsThere.ts"

/** Milliseconds in which a node has noticed that Redis is away, or back. */
const noticedWithin = 5_000

const redisOf = ({ world: { redis } }: Stage) =>
  redis === undefined ? Effect.die(new Error("there is no Redis here")) : Effect.succeed(redis)

const proxiesOf = ({ both }: World) => both.flatMap(({ redis }) => (redis === undefined ? [] : [redis]))

const sees = (node: ProductNode, connected: boolean) =>
  Effect.map(node.metric("indelible_redis_connected"), (told) => told === (connected ? 1 : 0))

const allSee = (nodes: ReadonlyArray<ProductNode>, connected: boolean, slack: number) =>
  within(
    slack * noticedWithin,
    Effect.map(
      Effect.forEach(nodes, (node) => sees(node, connected)),
      (all) => all.every((yes) => yes)
    )
  )

/** Messages that nodes told each other by Redis so far. */
const heard = ({ both }: World) => sum(both, (node) => counter(node, "indelible_live_bus_received_total"))

/** Limits that nodes kept by what they had seen themselves, so far. */
const limitsKept = (nodes: ReadonlyArray<ProductNode>) =>
  sum(nodes, (node) => counter(node, "indelible_limit_fallbacks_total"))

/**
 * Plays something that happens to Redis, which nobody may notice but by its delay.
 *
 * @param those the nodes that lose it
 */
const losing = Effect.fnUntraced(function* <E, R>(
  stage: Stage,
  those: ReadonlyArray<ProductNode>,
  lose: Effect.Effect<void, E, R>,
  restore: Effect.Effect<void, E, R>
) {
  const { lasting, outage, recorder, slack, world } = stage
  const before = yield* heard(world)
  const since = now()
  const { kept, noticed } = yield* outage(
    "losable",
    "Redis",
    Effect.gen(function* () {
      yield* lose
      const all = yield* allSee(those, false, slack)
      const keptBefore = yield* limitsKept(those)
      yield* Effect.sleep(lasting(30_000, 1_500))
      const keptNow = yield* limitsKept(those)
      yield* restore
      return { noticed: all, kept: keptNow - keptBefore }
    })
  )
  const answers = answersSince(recorder, since)
  const back = yield* allSee(world.both, true, slack)
  const played: Played = {
    counts: {
      "heard by Redis before": before,
      "nodes without": noticed ? those.length : 0,
      "limits kept without": kept,
      "sent meanwhile": answers.length
    },
    broken: back ? [] : ["not every node found Redis again"]
  }
  return { played, answers }
})

const mustHave = ["heard by Redis before", "nodes without", "limits kept without", "sent meanwhile"]

export const f16: Fault = {
  id: "F16",
  title: "a node starts while Redis is absent",
  needsRedis: true,
  mustHave,
  play: Effect.fnUntraced(function* (stage) {
    const redis = yield* redisOf(stage)
    const { b: node } = stage.world.nodes
    const restart = stage.outage("outage", "node b", Effect.andThen(node.terminate, node.start()))
    return (yield* losing(stage, [node], Effect.andThen(redis.kill9, restart), redis.start)).played
  })
}

export const f17: Fault = {
  id: "F17",
  title: "Redis is killed, and comes back empty",
  needsRedis: true,
  mustHave,
  play: Effect.fnUntraced(function* (stage) {
    const redis = yield* redisOf(stage)
    return (yield* losing(stage, stage.world.both, redis.kill9, redis.start)).played
  })
}

/** Milliseconds that 95 of 100 senders wait at most for their answer, whatever Redis does. */
const sendWithin = 2_000

export const f18: Fault = {
  id: "F18",
  title: "Redis answers after 2 s, then not at all",
  needsRedis: true,
  mustHave,
  play: Effect.fnUntraced(function* (stage) {
    const { lasting, slack, world } = stage
    const proxies = proxiesOf(world)
    const each = <E, R>(work: (proxy: (typeof proxies)[number]) => Effect.Effect<void, E, R>) =>
      Effect.forEach(proxies, work, { discard: true })
    const slow = Effect.andThen(
      each((proxy) => proxy.delay(2_000)),
      Effect.sleep(lasting(15_000, 1_500))
    )
    const lose = Effect.andThen(
      slow,
      each((proxy) => proxy.blackhole)
    )
    const { answers, played } = yield* losing(
      stage,
      world.both,
      lose,
      each((proxy) => proxy.heal)
    )
    const p95 = percentile(answers, 95)
    return {
      counts: { ...played.counts, "ms until 95 of 100 were answered": p95 },
      broken: [
        ...(played.broken ?? []),
        ...(p95 < slack * sendWithin ? [] : [`5 of 100 sends took ${p95.toFixed(0)} ms or longer`])
      ]
    }
  })
}

/** Milliseconds in which nodes have written down again who is connected to them. */
const shownWithin = 15_000

const flush = (port: number) =>
  Effect.callback<void>((resume) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("FLUSHALL\r\n"))
    socket.once("data", () => {
      socket.destroy()
      resume(Effect.void)
    })
  })

export const f19: Fault = {
  id: "F19",
  title: "everything that is in Redis is deleted",
  needsRedis: true,
  mustHave: ["flushed", "heard by Redis after"],
  play: Effect.fnUntraced(function* (stage) {
    const { crowd, lasting, outage, slack, world } = stage
    const redis = yield* redisOf(stage)
    let flushed = 0
    const before = yield* heard(world)
    yield* outage(
      "losable",
      "what is in Redis",
      Effect.gen(function* () {
        for (let round = 0; round < lasting(10, 2); round++) {
          yield* flush(redis.port)
          flushed += 1
          yield* Effect.sleep(lasting(3_000, 500))
        }
      })
    )
    const after = yield* heard(world)
    const shown = yield* allShown(crowd, world.both, slack * shownWithin)
    return {
      counts: { flushed, "heard by Redis after": after - before, "ms until all are shown": shown.took },
      broken: shown.broken
    }
  })
}

export const f20: Fault = {
  id: "F20",
  title: "one publication in 50 is lost, and the others overtake each other",
  needsRedis: true,
  mustHave: ["publications lost", "heard by Redis"],
  play: Effect.fnUntraced(function* ({ lasting, outage, quick, seed, world }) {
    const proxies = proxiesOf(world)
    const before = yield* heard(world)
    yield* outage(
      "losable",
      "publications",
      Effect.gen(function* () {
        for (const [i, proxy] of proxies.entries()) {
          yield* proxy.loseSome(quick ? 10 : 50, 500, seed.named(`proxy ${i}`))
        }
        yield* Effect.sleep(lasting(60_000, 4_000))
        for (const proxy of proxies) yield* proxy.heal
      })
    )
    return {
      counts: {
        "publications lost": proxies.reduce((sum, { lost }) => sum + lost(), 0),
        "heard by Redis": (yield* heard(world)) - before
      }
    }
  })
}

export const f21: Fault = {
  id: "F21",
  title: "one node loses Redis, the other keeps it",
  needsRedis: true,
  mustHave,
  play: Effect.fnUntraced(function* (stage) {
    const { b: node } = stage.world.nodes
    const { redis } = node
    if (redis === undefined) return yield* Effect.die(new Error("there is no Redis here"))
    return (yield* losing(stage, [node], redis.refuse, redis.heal)).played
  })
}
