import { PgClient } from "@effect/sql-pg"
import { Effect } from "effect"
import { percentile } from "../../bench/Latencies.ts"
import { ask } from "../../http/Ask.ts"
import type { Fault } from "../Fault.ts"
import { now } from "../history/Recorder.ts"
import { holdsWithin, type Stage, statusOf, within } from "../Stage.ts"
import type { ProductNode } from "../world/ProductNode.ts"
import { answersSince } from "./Answers.ts"
import { foundThere } from "./CrashPoints.ts"
import { growthDuring } from "./Memory.ts"
import { onlySends } from "./OnlySends.ts"
import { rounds } from "./Rounds.ts"

const allAnswer = ({ world }: Stage, path: string, status: number) =>
  Effect.map(
    Effect.forEach(world.both, (node) => statusOf(node.origin, path), { concurrency: 2 }),
    (all) => all.every((told) => told === status)
  )

/** Whether every node says that it cannot answer now, and when to ask again. */
const refusesPolitely = ({ crowd: { people }, slack, world }: Stage) => {
  const [person] = people
  const headers = { authorization: `Bearer ${person?.token ?? ""}` }
  const refuses = ({ origin }: ProductNode) =>
    Effect.tryPromise((signal) => ask(origin, "GET", "/conversations", undefined, { headers, signal })).pipe(
      Effect.map((answer) => answer.status === 503 && answer.headers.has("retry-after")),
      Effect.orElseSucceed(() => false)
    )
  return Effect.map(
    Effect.forEach(world.both, (node) => within(slack * 5_000, refuses(node)), { concurrency: 2 }),
    (all) => all.every((yes) => yes)
  )
}

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
          const asked = refusesPolitely(stage)
          const [polite] = yield* Effect.all([asked, Effect.sleep(lasting(8_000, 1_500))], { concurrency: 2 })
          must("not every node answered 503 with Retry-After")(polite)
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
  // Nodes ask again by themselves: their clients may well notice nothing.
  mustHave: ["cut"],
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

interface Health {
  /** Milliseconds that each answer of 200 took. */
  readonly times: ReadonlyArray<number>
  /** Any other, and none. */
  readonly bad: number
}

/** Asks nodes whether they live, each every 100 ms, during some work. */
const healthDuring = Effect.fnUntraced(function* <A, E, R>(
  nodes: ReadonlyArray<ProductNode>,
  work: Effect.Effect<A, E, R>
) {
  const times: Array<number> = []
  let bad = 0
  const asking = (node: ProductNode) =>
    Effect.forever(
      Effect.gen(function* () {
        const since = now()
        if ((yield* statusOf(node.origin, "/health/live")) === 200) times.push(now() - since)
        else bad += 1
        yield* Effect.sleep("100 millis")
      })
    )
  yield* Effect.raceFirst(work, Effect.forEach(nodes, asking, { concurrency: "unbounded", discard: true }))
  return { times: times.sort((x, y) => x - y), bad } satisfies Health
})

/** The runner shares the machine with the nodes, so one answer in ten may be late. */
const healthWithin = 100
/** Milliseconds after which a send has felt a database that is late by so much on every way. */
const slowFrom = 200

export const f9: Fault = {
  id: "F9",
  title: "the database answers 200 ms late, then over 32 kB/s",
  mustHave: ["slow sends", "health answers"],
  play: Effect.fnUntraced(function* (stage) {
    const { count, lasting, outage, recorder, slack, world } = stage
    const since = now()
    const slow = outage(
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
      }).pipe(Effect.ensuring(Effect.forEach(world.both, ({ database }) => database.heal, { discard: true })))
    )
    const { broken, grown, result: health } = yield* growthDuring(world.both, healthDuring(world.both, slow))
    const healed = now()
    const goesOn = yield* holdsWithin(
      slack * 5_000,
      () => count((line) => line.op === "send" && line.phase === "ok" && line.t > healed) > 10
    )
    const usual = percentile(health.times, 90)
    return {
      counts: {
        "slow sends": answersSince(recorder, since).filter((took) => took > slowFrom).length,
        "health answers": health.times.length,
        "ms health": usual,
        "MB grown": grown
      },
      broken: [
        ...broken,
        ...(goesOn ? [] : ["sends did not go on within 5 s"]),
        ...(health.bad === 0 ? [] : [`nodes did not answer 200 to ${health.bad} questions for their health`]),
        ...(usual < slack * healthWithin ? [] : [`health took ${usual.toFixed(0)} ms`])
      ]
    }
  })
}

/** Longer than the store tries to learn what became of a lost answer. */
const beyondPatience = 2_600

/** Milliseconds in which somebody writes on a node. */
const writtenWithin = 20_000

export const f10: Fault = {
  id: "F10",
  title: "answers to commits are lost, and nobody can be asked for a while",
  mustHave: ["answers lost", "info", "deduplicated"],
  play: Effect.fnUntraced(function* (stage) {
    const { count, lasting, outage, quick, seed, slack, world } = stage
    // In a full run answers to receipts are lost as well.
    if (quick) yield* onlySends(stage)
    let lost = 0
    const loseOne = Effect.fnUntraced(function* ({ database }: ProductNode) {
      const cut = yield* database.cutNextAnswer
      const happened = yield* Effect.timeoutOption(cut, slack * writtenWithin)
      if (happened._tag === "Some") lost += 1
    })
    const done = yield* rounds(
      lasting(10, 2),
      holdsWithin(
        slack * 3_000,
        () => foundThere(stage) && count((line) => line.op === "send" && line.phase === "info") > 0
      ),
      Effect.fnUntraced(function* () {
        const node = seed.pick(world.both)
        yield* outage(
          "outage",
          "answers of the database",
          Effect.gen(function* () {
            yield* loseOne(node)
            yield* node.database.refuse
            yield* Effect.sleep(beyondPatience)
            yield* node.database.heal
            // What the store settles by itself.
            yield* loseOne(node)
          }).pipe(Effect.ensuring(node.database.heal))
        )
        yield* Effect.sleep(lasting(1_000, 300))
      })
    )
    const due = 2 * done
    return {
      counts: { "answers lost": lost },
      broken: lost === due ? [] : [`${lost} answers were lost, not ${due}`]
    }
  })
}
