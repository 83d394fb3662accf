import { PgClient } from "@effect/sql-pg"
import { Effect, Fiber } from "effect"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, type Stage, statusOf, within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"

const allAnswer = ({ world }: Stage, path: string, status: number) =>
  Effect.map(
    Effect.forEach(world.both, (node) => statusOf(node.origin, path), { concurrency: 2 }),
    (all) => all.every((told) => told === status)
  )

export const f7: Fault = {
  id: "F7",
  title: "Postgres is killed under load, and back later",
  mustHave: ["killed", "info", "fail", "retried"],
  play: Effect.fnUntraced(function* (stage) {
    const { lasting, outage, slack, world } = stage
    const broken: Array<string> = []
    const must = (what: string) => (kept: boolean) => {
      if (!kept) broken.push(what)
    }
    const rounds = lasting(3, 1)
    for (let round = 0; round < rounds; round++) {
      yield* outage(
        "outage",
        "Postgres",
        Effect.gen(function* () {
          yield* world.postgres.kill9
          must("not unready within 3 s")(yield* within(slack * 3_000, allAnswer(stage, "/health/ready", 503)))
          yield* Effect.sleep(lasting(8_000, 1_500))
          must("not live while the database was away")(yield* allAnswer(stage, "/health/live", 200))
          yield* world.postgres.start
          must("not ready within 5 s of the database")(
            yield* within(slack * 5_000, allAnswer(stage, "/health/ready", 200))
          )
        })
      )
      yield* Effect.sleep(lasting(5_000, 0))
    }
    for (const node of world.both) must(`node ${node.name} ended`)(node.isAlive())
    return { counts: { killed: rounds }, broken }
  })
}

const sessionsOf = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const rows = yield* sql<{ pid: number }>`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'onlooker'
      AND backend_type = 'client backend'`
  return rows.map(({ pid }) => pid)
})

const terminateAll = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  const pids = yield* sessionsOf
  yield* sql`SELECT pg_terminate_backend(pid) FROM unnest(${pids}::int[]) AS pid`
  return pids.length
})

/** More connections than before are a leak; some of a pool are opened when they are needed. */
const spare = 6

export const f8: Fault = {
  id: "F8",
  title: "all database connections are cut, again and again",
  mustHave: ["cut", "retried"],
  play: Effect.fnUntraced(function* ({ lasting, outage, world }) {
    const before = (yield* Effect.provideContext(sessionsOf, world.onlooker)).length
    let cut = 0
    yield* outage(
      "outage",
      "database connections",
      Effect.gen(function* () {
        for (let round = 0; round < lasting(10, 4); round++) {
          cut += yield* Effect.provideContext(terminateAll, world.onlooker)
          yield* Effect.sleep(lasting(3_000, 700))
        }
      })
    )
    yield* Effect.sleep(lasting(5_000, 1_000))
    const after = (yield* Effect.provideContext(sessionsOf, world.onlooker)).length
    return {
      counts: { cut, "connections before": before, "connections after": after },
      broken: after <= before + spare ? [] : [`${after} connections, ${before} before`]
    }
  })
}

/** Milliseconds that each answer of a node's own took, every 100 ms until interrupted. */
const healthTimes = Effect.fnUntraced(function* (node: ProductNode) {
  const times: Array<number> = []
  const once = Effect.gen(function* () {
    const since = now()
    yield* statusOf(node.origin, "/health/live")
    times.push(now() - since)
    yield* Effect.sleep("100 millis")
  })
  return { times, asking: yield* Effect.forkScoped(Effect.forever(once)) }
})

const megabyte = 1024 * 1024
const mostGrowth = 150 * megabyte
/** The runner shares the machine with the nodes, so one answer in ten may be late. */
const healthWithin = 100

export const f9: Fault = {
  id: "F9",
  title: "the database answers 200 ms late, then over 32 kB/s",
  mustHave: ["slow sends"],
  play: Effect.fnUntraced(function* (stage) {
    const { count, lasting, outage, slack, world } = stage
    const memory = () => Effect.forEach(world.both, ({ metric }) => metric("process_resident_memory_bytes"))
    const before = yield* memory()
    const health = yield* healthTimes(world.nodes.a)
    const since = now()
    yield* outage(
      "outage",
      "a slow database",
      Effect.gen(function* () {
        for (const { database } of world.both) yield* database.delay(200)
        yield* Effect.sleep(lasting(30_000, 2_500))
        for (const { database } of world.both) {
          yield* database.heal
          yield* database.throttle(32_000)
        }
        yield* Effect.sleep(lasting(30_000, 2_500))
        for (const { database } of world.both) yield* database.heal
      })
    )
    const healed = now()
    yield* Fiber.interrupt(health.asking)
    const after = yield* memory()
    const goesOn = yield* holdsWithin(
      slack * 5_000,
      () => count((line) => line.op === "send" && line.phase === "ok" && line.t > healed) > 10
    )
    const begun = new Map<number, number>()
    const slow = count((line) => {
      if (line.op !== "send") return false
      if (line.phase === "invoke") begun.set(line.call, line.t)
      const from = begun.get(line.call) ?? 0
      return line.phase === "ok" && from > since && line.t - from > 200
    })
    const sorted = health.times.sort((x, y) => x - y)
    const usual = sorted[Math.floor(sorted.length * 0.9)] ?? 0
    const grown = Math.max(...after.map((bytes, i) => (bytes ?? 0) - (before[i] ?? 0)))
    return {
      counts: { "slow sends": slow, "MB grown": Math.max(0, grown / megabyte), "ms health": usual },
      broken: [
        ...(goesOn ? [] : ["sends did not go on within 5 s"]),
        ...(usual < slack * healthWithin ? [] : [`health took ${usual.toFixed(0)} ms`]),
        ...(grown < mostGrowth ? [] : [`a node grew by ${(grown / megabyte).toFixed(0)} MB`])
      ]
    }
  })
}

/** Longer than the store tries to learn what became of a lost answer. */
const beyondPatience = 2_600

export const f10: Fault = {
  id: "F10",
  title: "answers to commits are lost, and nobody can be asked for a while",
  mustHave: ["answers lost", "info", "deduplicated"],
  play: Effect.fnUntraced(function* ({ lasting, outage, seed, world }) {
    let lost = 0
    for (let round = 0; round < lasting(10, 2); round++) {
      const { database } = seed.pick(world.both)
      yield* outage(
        "outage",
        "answers of the database",
        Effect.gen(function* () {
          yield* yield* database.cutNextAnswer
          yield* database.refuse
          lost += 1
          yield* Effect.sleep(beyondPatience)
          yield* database.heal
          // What the store settles by itself.
          yield* yield* database.cutNextAnswer
          lost += 1
        })
      )
      yield* Effect.sleep(lasting(1_000, 300))
    }
    return { counts: { "answers lost": lost } }
  })
}
