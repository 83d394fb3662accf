import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ClientMessageId } from "@indelible/domain/conversation/ClientMessageId"
import { Effect, Redacted } from "effect"
import { ask } from "../../http/Ask.ts"
import { onDatabase } from "../../http/DatabaseOf.ts"
import { parseExposition } from "../../http/Exposition.ts"
import * as Device from "../../nodes/Device.ts"
import * as Installation from "../../nodes/Installation.ts"
import * as NodeProcess from "../../nodes/NodeProcess.ts"
import * as RedisCluster from "../../servers/RedisCluster.ts"
import { redisPrograms } from "../../servers/RedisPrograms.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"

/** What the page of metrics says of nodes that share a Redis. */
const documented = [
  ...readFileSync(join(import.meta.dirname, "../../../docs/metrics.md"), "utf8").matchAll(
    /^\| `(indelible_(?:redis|live_bus)_\w+)`/gm
  )
].map(([, name = ""]) => name)

const familiesOf = (origin: string) =>
  Effect.map(
    Effect.promise(() => ask(origin, "GET", "/metrics")),
    ({ text }) => parseExposition(text)
  )

const textsOf = (installation: Installation.Installation) =>
  Effect.promise(() =>
    onDatabase(
      installation.database,
      (sql) => sql<{ key: string; pos: bigint }>`
        SELECT split_part(command_key, '/', 2) AS key, stream_pos AS pos FROM event WHERE type = 'TextSent' ORDER BY pos`
    )
  )

describe.skipIf(redisPrograms === undefined)("two nodes behind a Redis Cluster of three", () => {
  it.live(
    "I1 to I5 F17 F33 no word of a conversation across them is lost when a member of Redis dies, then a node",
    () =>
      Effect.gen(function* () {
        const redis = yield* RedisCluster.make
        const installation = yield* Installation.make(yield* TestDatabase.make("embedded"))
        const node = (name: string) =>
          Effect.flatMap(installation.variablesOf(name, Redacted.value(redis.url)), (variables) =>
            NodeProcess.start({ ...variables, ROLES: "edge" })
          )
        const [a, b] = yield* Effect.all([node("a"), node("b")], { concurrency: 2 })
        const { business, conversation, worker } = yield* installation.pair(a.origin)
        const [acme, wanda] = yield* Effect.all([
          installation.tokenOf(business),
          installation.tokenOf(worker)
        ])
        const devices = yield* Effect.all([
          Device.make(conversation, acme, [a.port, b.port]),
          Device.make(conversation, acme, [b.port]),
          Device.make(conversation, wanda, [b.port]),
          Device.make(conversation, wanda, [a.port, b.port])
        ])
        const [atA, onlooker, atB] = devices
        const sent: Array<ClientMessageId> = []

        /** Both talk at once, one on each node; every message is acknowledged before the next. */
        const talk = (count: number) =>
          Effect.forEach(
            [atA, atB],
            ({ send }) =>
              Effect.forEach(Array.from({ length: count }), () => {
                const id = ClientMessageId.make(randomUUID())
                sent.push(id)
                return send(id)
              }),
            { concurrency: 2 }
          )

        yield* talk(10)
        for (const device of devices) yield* device.until(21)
        const families = yield* familiesOf(b.origin)
        assert.isAbove(families.get("indelible_live_bus_received_total")?.samples[0]?.value ?? 0, 0)
        assert.includeMembers([...families.keys()], documented)

        yield* redis.kill9(0)
        yield* talk(10)
        for (const device of devices) yield* device.until(41)

        // In the midst of it: what A did not acknowledge is sent again to B.
        yield* Effect.all([talk(30), Effect.andThen(onlooker.until(50), a.kill9)], { concurrency: 2 })
        for (const device of devices) yield* device.until(101)

        const saved = yield* textsOf(installation)
        assert.sameMembers(
          saved.map(({ key }) => key),
          sent
        )
        for (const { seen } of devices) {
          assert.deepStrictEqual(
            // A node that heard late of the start may tell it to whoever is there by then.
            seen().flatMap(({ pos }) => (pos === 1 ? [] : [pos])),
            saved.map(({ pos }) => Number(pos))
          )
        }
      })
  )
})
