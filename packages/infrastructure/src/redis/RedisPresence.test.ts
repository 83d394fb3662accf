import { assert, describe, it } from "@effect/vitest"
import type { PersonPresence, Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Exit, Redacted, References, Schedule, Scope, Stream } from "effect"
import { Redis } from "ioredis"
import * as PresenceOnRedis from "../../../../test/contract/PresenceOnRedis.ts"
import { someone } from "../../../../test/contract/presenceContract.ts"
import { redisPrograms } from "../../../../test/servers/RedisPrograms.ts"
import * as RedisServer from "../../../../test/servers/RedisServer.ts"

/** A hundredth of what is usual, so that a node dies in half a second. */
const settings = { grace: 50, beatEvery: 100, aliveFor: 500, farewell: 200 }

const running = Effect.tap(RedisServer.make(), ({ start }) => start)

type Presences = Presence["Service"]

const wait = <E>(holds: Effect.Effect<boolean, E>, what: string) =>
  Effect.filterOrFail(holds, (yes) => yes).pipe(
    Effect.retry(Schedule.spaced("10 millis")),
    Effect.timeout("10 seconds"),
    Effect.catch(() => Effect.die(new Error(`waited in vain until ${what}`)))
  )

const now = ({ of }: Presences, subject: SubjectId) =>
  Effect.map(of([subject]), (found) => found.get(subject) ?? assert.fail("nobody was found"))

const until = (presence: Presences, subject: SubjectId, online: boolean) =>
  wait(
    Effect.map(now(presence, subject), (found) => found.online === online),
    `somebody is ${online ? "online" : "offline"}`
  )

/** Watches somebody from a node; what it was told of them since. */
const watching = Effect.fnUntraced(function* ({ changes, watch }: Presences, subject: SubjectId) {
  const told: Array<PersonPresence> = []
  const first = yield* watch(subject)
  yield* changes.pipe(
    Stream.runForEach((change) => Effect.sync(() => change.subject === subject && told.push(change))),
    Effect.forkScoped
  )
  return {
    first,
    told,
    until: (...expected: ReadonlyArray<boolean>) =>
      wait(
        Effect.sync(() => told.map(({ online }) => online).join() === expected.join()),
        `it is told ${expected}`
      )
  }
})

const apart = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  Effect.scoped(body).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

const nodes = Effect.fnUntraced(function* (url: Redacted.Redacted, more: Partial<typeof settings> = {}) {
  const join = PresenceOnRedis.join(url, { ...settings, ...more })
  const [a, b] = yield* Effect.all([join, join])
  yield* wait(a.bus.connected, "the first hears the bus")
  yield* wait(b.bus.connected, "the second hears the bus")
  return { a, b }
})

const all = <A>(server: RedisServer.RedisServer, ask: (redis: Redis) => Promise<A>) =>
  Effect.promise(async () => {
    const redis = new Redis(Redacted.value(server.url))
    try {
      return await ask(redis)
    } finally {
      redis.disconnect()
    }
  })

describe.skipIf(redisPrograms === undefined)("RedisPresence on several nodes", () => {
  it.live("4.2 W13 tells and counts over all of them, and a move from one to another is no change", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const { a, b } = yield* nodes(server.url)
        const ada = someone()
        const { first, told, until: toldOf } = yield* watching(b.presence, ada)
        assert.deepStrictEqual(first, { online: false, lastSeenAt: null })
        assert.strictEqual(yield* a.presence.arrive(ada, "both"), 1)
        yield* toldOf(true)
        assert.strictEqual(yield* b.presence.arrive(ada, "both"), 2)
        assert.strictEqual(yield* b.presence.arrive(ada, "both"), 3)
        assert.strictEqual(yield* a.presence.arrive(ada, "both"), 4)
        yield* a.presence.depart(ada, "both")
        yield* a.presence.depart(ada, "both")
        yield* b.presence.depart(ada, "both")
        // She is on the second alone, and there within her grace, when she moves.
        yield* Effect.sleep(2 * settings.grace)
        yield* b.presence.depart(ada, "both")
        assert.strictEqual(yield* a.presence.arrive(ada, "both"), 1)
        yield* Effect.sleep(2 * settings.grace)
        assert.isTrue((yield* now(b.presence, ada)).online)
        assert.deepStrictEqual(
          told.map(({ online }) => online),
          [true]
        )
        const left = Date.now()
        yield* a.presence.depart(ada, "both")
        yield* toldOf(true, false)
        const lastSeenAt = told.at(-1)?.lastSeenAt ?? 0
        assert.isAtMost(Math.abs(lastSeenAt - left), 250)
        assert.deepStrictEqual(yield* now(b.presence, ada), { online: false, lastSeenAt })
      })
    )
  )

  it.live("H16 W13 counts connections that have nobody online, and changes nobody's presence by them", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const { a, b } = yield* nodes(server.url)
        const [ada, eve] = [someone(), someone()]
        const touched: Array<SubjectId> = []
        yield* b.bus.subscribe((message) => {
          if (message._tag === "PresenceTouched") touched.push(...message.subjects)
        })
        const { until: toldOf } = yield* watching(b.presence, ada)
        assert.strictEqual(yield* a.presence.arrive(ada, "connection"), 1)
        assert.strictEqual(yield* b.presence.arrive(ada, "connection"), 2)
        yield* a.presence.arrive(eve, "both")
        yield* wait(
          Effect.sync(() => touched.includes(eve)),
          "it is told of who came later"
        )
        assert.notInclude(touched, ada)
        assert.deepStrictEqual(yield* now(b.presence, ada), { online: false, lastSeenAt: null })

        // A device over a connection that is counted already, and a socket. When they go, their grace holds no place.
        assert.strictEqual(yield* a.presence.arrive(ada, "device"), 2)
        yield* toldOf(true)
        assert.strictEqual(yield* a.presence.arrive(ada, "both"), 3)
        yield* a.presence.depart(ada, "both")
        yield* a.presence.depart(ada, "device")
        assert.strictEqual(yield* a.presence.arrive(ada, "connection"), 3)
        yield* toldOf(true, false)
        const gone = yield* now(b.presence, ada)
        assert.isFalse(gone.online)
        assert.strictEqual(yield* b.presence.arrive(ada, "connection"), 4)

        a.wire.cut = true
        yield* until(b.presence, eve, false)
        assert.strictEqual(
          yield* b.presence.arrive(ada, "connection"),
          3,
          "those of a dead node do not count"
        )
        assert.deepStrictEqual(yield* now(b.presence, ada), gone)
      })
    )
  )

  it.live("F29 connections on a node that is not heard of count no more, before it is missed", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const patient = { ...settings, aliveFor: 20_000, countedFor: 400 }
        const a = yield* PresenceOnRedis.join(server.url, patient)
        const b = yield* PresenceOnRedis.join(server.url, patient)
        const ada = someone()
        yield* a.presence.arrive(ada, "both")
        /** As many as one more on the other node would be. */
        const counted = Effect.ensuring(
          b.presence.arrive(ada, "connection"),
          b.presence.depart(ada, "connection")
        )
        assert.strictEqual(yield* counted, 2)
        const begin = Date.now()
        a.wire.cut = true
        yield* Effect.timeout(Effect.repeat(counted, { until: (all) => all === 1 }), "5 seconds")
        assert.isAtLeast(Date.now() - begin, patient.countedFor - patient.beatEvery - 50)
        assert.isTrue((yield* now(b.presence, ada)).online)
        a.wire.cut = false
        yield* Effect.timeout(Effect.repeat(counted, { until: (all) => all === 2 }), "5 seconds")
      })
    )
  )

  it.live("takes a node of an older release for what it says, and is understood by it", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const { a, b } = yield* nodes(server.url)
        const [ada, eve] = [someone(), someone()]
        yield* a.presence.arrive(ada, "both")
        yield* a.presence.arrive(ada, "both")
        const [key = ""] = yield* all(server, (redis) => redis.keys(`*${ada}`))
        const fields = yield* all(server, (redis) => redis.hgetall(key))
        // All that it reads: how many sockets there are on which node.
        const [[life, sockets] = ["", ""], ...others] = Object.entries(fields)
        assert.deepStrictEqual([sockets, others], ["2", []])
        yield* all(server, (redis) => redis.hset(key.replace(ada, eve), life, 3))
        assert.isTrue((yield* now(b.presence, eve)).online)
        assert.strictEqual(yield* b.presence.arrive(eve, "connection"), 4)
      })
    )
  )

  it.live("F33 people of a node that died are offline when it is missed, last seen when it last spoke", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const { a, b } = yield* nodes(server.url)
        const [ada, eve] = [someone(), someone()]
        yield* a.presence.arrive(ada, "both")
        yield* a.presence.arrive(eve, "both")
        yield* b.presence.arrive(eve, "both")
        const watchingAda = yield* watching(b.presence, ada)
        const watchingEve = yield* watching(b.presence, eve)
        assert.isTrue(watchingAda.first.online)
        const died = Date.now()
        a.wire.cut = true
        yield* watchingAda.until(false)
        const after = Date.now() - died
        assert.isAtLeast(after, settings.aliveFor - settings.beatEvery - 50)
        const { lastSeenAt } = yield* now(b.presence, ada)
        assert.isAtMost(Math.abs((lastSeenAt ?? 0) - died), settings.beatEvery + 100)
        assert.strictEqual(yield* b.presence.arrive(eve, "both"), 2, "what is on a dead node does not count")
        assert.deepStrictEqual(watchingEve.told, [])

        // It was not dead after all.
        assert.isTrue((yield* now(a.presence, ada)).online)
        a.wire.cut = false
        yield* watchingAda.until(false, true)
        assert.strictEqual(yield* b.presence.arrive(eve, "both"), 4)
      })
    )
  )

  it.live("F19 a FLUSHALL is made good within two beats, and nobody is told of it", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        // Long enough that it is the beats that are measured, however busy this machine is.
        const beats = { beatEvery: 1_000, aliveFor: 5_000 }
        const { a, b } = yield* nodes(server.url, beats)
        const people = Array.from({ length: 600 }, someone)
        yield* Effect.forEach(people, (each) => a.presence.arrive(each, "both"), { concurrency: "unbounded" })
        const [ada] = people
        assert(ada !== undefined)
        const caller = someone()
        yield* a.presence.arrive(caller, "connection")
        const { told } = yield* watching(b.presence, ada)
        // Until what was said of their arrival was heard: a look into a Redis that was just emptied finds nobody.
        yield* Effect.sleep(beats.beatEvery)
        const flushed = performance.now()
        const left = yield* all(server, (redis) => redis.flushall().then(() => redis.dbsize()))
        assert.strictEqual(left, 0)
        yield* Effect.forEach(people, (each) => until(b.presence, each, true), { concurrency: 32 })
        assert.isBelow(performance.now() - flushed, 2 * beats.beatEvery + 2_000)
        assert.strictEqual(yield* b.presence.arrive(caller, "connection"), 2)
        // As long as it takes until all who are watched are looked at again.
        yield* Effect.sleep(2 * beats.beatEvery)
        assert.deepStrictEqual(told, [])
      })
    )
  )

  it.live(
    "F17 F18 F21 goes on by itself without Redis, waits for nothing, and tells all when it is back",
    () =>
      apart(
        Effect.gen(function* () {
          const server = yield* running
          const { a, b } = yield* nodes(server.url)
          const [ada, eve, kay] = [someone(), someone(), someone()]
          yield* a.presence.arrive(ada, "both")
          yield* b.presence.arrive(eve, "both")
          const fromB = yield* watching(b.presence, ada)
          yield* server.freeze
          const begun = performance.now()
          assert.strictEqual(yield* b.presence.arrive(eve, "both"), 2)
          assert.strictEqual(yield* b.presence.arrive(kay, "both"), 1)
          assert.isTrue((yield* now(b.presence, kay)).online)
          assert.isFalse((yield* b.presence.watch(someone())).online)
          assert.isBelow(performance.now() - begun, 2_000)
          // Of others it is not known any more whether they are alive.
          yield* fromB.until(false)
          yield* server.thaw
          yield* server.restart
          yield* fromB.until(false, true)
          yield* until(a.presence, kay, true)
          assert.strictEqual(yield* a.presence.arrive(eve, "both"), 3)
        })
      )
  )

  it.live("F5 people of a node that says goodbye have a moment to come back elsewhere", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const stopping = yield* Scope.make()
        const a = yield* PresenceOnRedis.join(server.url, settings).pipe(Scope.provide(stopping))
        const b = yield* PresenceOnRedis.join(server.url, settings)
        yield* wait(b.bus.connected, "it hears the bus")
        const [ada, eve] = [someone(), someone()]
        for (const each of [ada, eve]) yield* a.presence.arrive(each, "both")
        const watchingAda = yield* watching(b.presence, ada)
        const watchingEve = yield* watching(b.presence, eve)
        const left = Date.now()
        for (const each of [ada, eve]) yield* a.presence.depart(each, "both")
        const begun = performance.now()
        yield* Scope.close(stopping, Exit.void)
        assert.isBelow(performance.now() - begun, 1_000)
        assert.strictEqual(yield* b.presence.arrive(eve, "both"), 1)
        yield* watchingAda.until(false)
        assert.isAtMost(Math.abs((watchingAda.told[0]?.lastSeenAt ?? 0) - left), 250)
        assert.deepStrictEqual(watchingEve.told, [])
      })
    )
  )

  it.live("F20 finds out what it was not told", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const a = yield* PresenceOnRedis.join(server.url, settings)
        const b = yield* PresenceOnRedis.join(server.url, { ...settings, freshFor: 300 })
        const ada = someone()
        const { until: toldOf } = yield* watching(b.presence, ada)
        b.wire.deaf = true
        yield* a.presence.arrive(ada, "both")
        yield* toldOf(true)
      })
    )
  )

  it.live("costs nothing for people who only are there: a node says that it is alive, and no more", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const a = yield* PresenceOnRedis.join(server.url, { ...settings, beatEvery: 200, aliveFor: 2_000 })
        const arrivals = Array.from({ length: 500 }, () => [
          a.presence.arrive(someone(), "both"),
          a.presence.arrive(someone(), "connection")
        ])
        yield* Effect.all(arrivals.flat(), { concurrency: "unbounded" })
        // One for each who came, and few beats meanwhile, however many came before the first of them.
        assert.isAtMost(a.wire.commands, 1_000 + 50)
        const before = a.wire.commands
        const beats = 5
        yield* Effect.sleep(beats * 200)
        const commands = a.wire.commands - before
        assert.isAtLeast(commands, 1)
        assert.isAtMost(commands, beats + 1)
      })
    )
  )

  it.live("keeps nothing for ever, and no names", () =>
    apart(
      Effect.gen(function* () {
        const server = yield* running
        const { a } = yield* nodes(server.url)
        const ada = someone()
        yield* a.presence.arrive(ada, "both")
        const keys = yield* all(server, async (redis) => {
          const found: Array<readonly [string, number]> = []
          for (const key of await redis.keys("*")) found.push([key, await redis.pttl(key)])
          return found
        })
        assert.lengthOf(keys, 2)
        for (const [key, ttl] of keys) {
          assert.match(key, /:presence:(nodes|[0-9a-f-]{36})$/)
          assert.isAbove(ttl, 29 * 24 * 3_600_000)
        }
      })
    )
  )
})
