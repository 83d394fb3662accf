import { isDeepStrictEqual } from "node:util"
import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { Comparison } from "@indelible/projections/engine/build/Build"
import * as BuildJobs from "@indelible/projections/engine/build/BuildJobs"
import { own } from "@indelible/projections/engine/Ownership"
import * as Parked from "@indelible/projections/engine/Parked"
import type { Projection } from "@indelible/projections/engine/Projection"
import type { Table } from "@indelible/projections/engine/Table"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { Deferred, Effect, type Layer, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { buildingOf, ended, keepingOf, layer, nodeOf, reachOf, untilBuild } from "./BuildNode.ts"
import { play, RandomHistory } from "./RandomHistory.ts"
import { catchUp, catchUpAll, dump, projections } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const verify = Effect.fn(function* (projection: string) {
  yield* BuildJobs.request({ projection, kind: "verify", by: "ada", maxRate: null, keepHours: 24 })
  const { comparison, message, state } = yield* ended(projection)
  assert.deepStrictEqual([state, message], ["done", null])
  return comparison ?? assert.fail("nothing was compared")
})

const secret = "what only the two of them know"

interface Planted {
  readonly name: string
  readonly projection: string
  readonly table: string
  /** Statement that makes one row wrong. */
  readonly plant: (ids: { readonly id: string; readonly business: string; readonly alien: string }) => string
  readonly key: (ids: {
    readonly id: string
    readonly business: string
    readonly alien: string
  }) => Comparison["differences"][number]["key"]
  readonly kind: Comparison["differences"][number]["kind"]
  readonly fields: ReadonlyArray<{ field: string; live: unknown; built: unknown }>
  /** Position and type of the last event that touched the row; null for a row that no event made. */
  readonly last: readonly [number, string] | null
}

// Of each conversation: started 1, said by the worker 2, by the business 3, read by the business 4 (all of it).
const read = [4, "MessagesRead"] as const
const plants: ReadonlyArray<Planted> = [
  {
    name: "a number that was changed",
    projection: "inbox",
    table: "conversation",
    plant: ({ business, id }) =>
      `UPDATE inbox.conversation SET message_count = 7 WHERE subject_id = '${business}' AND conversation_id = '${id}'`,
    key: ({ business, id }) => ({ subject_id: business, conversation_id: id }),
    kind: "differs",
    fields: [{ field: "message_count", live: 7, built: 2 }],
    last: read
  },
  {
    name: "a preview that was changed",
    projection: "inbox",
    table: "conversation",
    plant: ({ business, id }) =>
      `UPDATE inbox.conversation SET last_message_preview = 'forged' WHERE subject_id = '${business}' AND conversation_id = '${id}'`,
    key: ({ business, id }) => ({ subject_id: business, conversation_id: id }),
    kind: "differs",
    fields: [{ field: "last_message_preview", live: "6 characters", built: `${secret.length} characters` }],
    last: read
  },
  {
    name: "an entry that was removed",
    projection: "inbox",
    table: "conversation",
    plant: ({ business, id }) =>
      `DELETE FROM inbox.conversation WHERE subject_id = '${business}' AND conversation_id = '${id}'`,
    key: ({ business, id }) => ({ subject_id: business, conversation_id: id }),
    kind: "only built",
    fields: [],
    last: read
  },
  {
    name: "an entry of a conversation that never was",
    projection: "inbox",
    table: "conversation",
    plant: ({ alien, business }) =>
      `INSERT INTO inbox.conversation SELECT subject_id, '${alien}', slice, side, other_subject, status, pos, tag,
         last_activity_at, message_count, last_message_pos, last_message_side, last_message_preview, last_message_key
       FROM inbox.conversation WHERE subject_id = '${business}'`,
    key: ({ alien, business }) => ({ subject_id: business, conversation_id: alien }),
    kind: "only live",
    fields: [],
    last: null
  },
  {
    name: "a text that was changed",
    projection: "history",
    table: "message",
    plant: ({ id }) =>
      `UPDATE history.message SET text = 'forged!' WHERE conversation_id = '${id}' AND pos = 2`,
    key: ({ id }) => ({ conversation_id: id, pos: 2 }),
    kind: "differs",
    fields: [{ field: "text", live: "7 characters", built: `${secret.length} characters` }],
    last: [2, "TextSent"]
  },
  {
    name: "a message that was removed",
    projection: "history",
    table: "message",
    plant: ({ id }) => `DELETE FROM history.message WHERE conversation_id = '${id}' AND pos = 3`,
    key: ({ id }) => ({ conversation_id: id, pos: 3 }),
    kind: "only built",
    fields: [],
    last: [3, "TextSent"]
  },
  {
    name: "a message that nobody sent",
    projection: "history",
    table: "message",
    plant: ({ id }) =>
      `INSERT INTO history.message SELECT conversation_id, 99, slice, kind, seq, side, sender, text, metadata,
         content_key, detail, client_message_id, sent_at, tag
       FROM history.message WHERE conversation_id = '${id}' AND pos = 2`,
    key: ({ id }) => ({ conversation_id: id, pos: 99 }),
    kind: "only live",
    fields: [],
    last: null
  },
  {
    name: "a receipt that was changed",
    projection: "history",
    table: "receipt",
    plant: ({ id }) => `UPDATE history.receipt SET at = '2001-01-01Z' WHERE conversation_id = '${id}'`,
    key: ({ id }) => ({ conversation_id: id, reader: "business", kind: "read", up_to: 2 }),
    kind: "differs",
    fields: [{ field: "at", live: "2001-01-01T00:00:00+00:00", built: "as recorded" }],
    last: read
  },
  {
    name: "a receipt that was removed",
    projection: "history",
    table: "receipt",
    plant: ({ id }) => `DELETE FROM history.receipt WHERE conversation_id = '${id}'`,
    key: ({ id }) => ({ conversation_id: id, reader: "business", kind: "read", up_to: 2 }),
    kind: "only built",
    fields: [],
    last: read
  },
  {
    name: "a receipt that nobody gave",
    projection: "history",
    table: "receipt",
    plant: ({ id }) =>
      `INSERT INTO history.receipt SELECT conversation_id, 'worker', kind, up_to, at, slice
       FROM history.receipt WHERE conversation_id = '${id}'`,
    key: ({ id }) => ({ conversation_id: id, reader: "worker", kind: "read", up_to: 2 }),
    kind: "only live",
    fields: [],
    last: null
  },
  {
    name: "a standing that was changed",
    projection: "history",
    table: "conversation",
    plant: ({ id }) => `UPDATE history.conversation SET pos = 3 WHERE conversation_id = '${id}'`,
    key: ({ id }) => ({ conversation_id: id }),
    kind: "differs",
    fields: [{ field: "pos", live: 3, built: 4 }],
    last: read
  },
  {
    name: "a standing that was removed",
    projection: "history",
    table: "conversation",
    plant: ({ id }) => `DELETE FROM history.conversation WHERE conversation_id = '${id}'`,
    key: ({ id }) => ({ conversation_id: id }),
    kind: "only built",
    fields: [],
    last: read
  },
  {
    name: "a standing of a conversation that never was",
    projection: "history",
    table: "conversation",
    plant: ({ alien, id }) =>
      `INSERT INTO history.conversation SELECT '${alien}', slice, pos, tag
       FROM history.conversation WHERE conversation_id = '${id}'`,
    key: ({ alien }) => ({ conversation_id: alien }),
    kind: "only live",
    fields: [],
    last: null
  },
  {
    name: "a count that was changed",
    projection: "unread",
    table: "conversation",
    plant: ({ business, id }) =>
      `UPDATE unread.conversation SET unread = 5 WHERE subject_id = '${business}' AND conversation_id = '${id}'`,
    key: ({ business, id }) => ({ subject_id: business, conversation_id: id }),
    kind: "differs",
    fields: [{ field: "unread", live: 5, built: 0 }],
    last: read
  },
  {
    name: "a count that was removed",
    projection: "unread",
    table: "conversation",
    plant: ({ business, id }) =>
      `DELETE FROM unread.conversation WHERE subject_id = '${business}' AND conversation_id = '${id}'`,
    key: ({ business, id }) => ({ subject_id: business, conversation_id: id }),
    kind: "only built",
    fields: [],
    last: read
  },
  {
    name: "a count of a conversation that never was",
    projection: "unread",
    table: "conversation",
    plant: ({ alien, business }) =>
      `INSERT INTO unread.conversation SELECT subject_id, '${alien}', slice, unread
       FROM unread.conversation WHERE subject_id = '${business}'`,
    key: ({ alien, business }) => ({ subject_id: business, conversation_id: alien }),
    kind: "only live",
    fields: [],
    last: null
  }
]

const runs = { timeout: 300_000, arbitrary: { runs: 5, size: 60, maxShrinks: 10 } }
let run = 0

for (const server of TestDatabase.oneServer()) {
  const test = <E>(
    name: string,
    body: Effect.Effect<void, E, Scope.Scope | Layer.Success<ReturnType<typeof layer>>>
  ) => it.live(`${name} (${server})`, () => Effect.provide(Effect.scoped(body), layer(server)))

  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Verification (${server})`,
    (it) => {
      it.effect.prop(
        "finds read models that followed any history equal to their own rebuild (I7)",
        [RandomHistory],
        ([history]) =>
          Effect.scoped(
            Effect.gen(function* () {
              run += 1
              yield* Effect.forkScoped(nodeOf(projections))
              yield* play(history, `verify ${run}`, () => Effect.void)
              for (const { name } of projections) {
                const { differences, equal, events, rows, slices } = yield* verify(name)
                assert.deepStrictEqual([slices, differences, equal], [[], [], true], name)
                assert.isAtLeast(events, history.length)
                assert.isAbove(rows, 0)
              }
            })
          ),
        runs
      )
    }
  )

  test(
    "names any row that is not as the log says: table, key, fields and last event; and nothing that was written (I7)",
    Effect.gen(function* () {
      yield* Effect.forkScoped(nodeOf(projections))
      const sql = yield* SqlClient.SqlClient
      let said = 0
      for (const [group, all] of Map.groupBy(plants, ({ projection, table }) => `${projection}.${table}`)) {
        const [projection, table] = [all[0]?.projection ?? "", all[0]?.table]
        const wrongs = all.map((plant, i) => {
          const [business, worker] = [
            Talk.person(`business ${group} ${i}`),
            Talk.person(`worker ${group} ${i}`)
          ]
          const pair = Talk.pair(`planted ${group} ${i}`, business, worker)
          const alien = Talk.pair(`alien ${group} ${i}`, business, worker).id
          return { ...plant, pair, ids: { id: pair.id, business, alien } }
        })
        for (const { pair } of wrongs) {
          yield* Talk.start(pair)
          yield* Talk.say(pair, "worker", secret, { metadata: { label: secret } })
          yield* Talk.say(pair, "business", secret)
          yield* Talk.read(pair, "business")
          said += 4
        }
        while (((yield* reachOf(projection)) ?? 0) < said) yield* Effect.sleep("10 millis")
        const before = yield* dump(projection)
        for (const { ids, name, plant } of wrongs) {
          const rows = yield* dump(projection)
          yield* sql.unsafe(plant(ids))
          assert.notDeepEqual(yield* dump(projection), rows, `planted nothing: ${name}`)
        }

        const found = yield* verify(projection)
        assert.strictEqual(found.equal, false)
        assert.strictEqual(found.differences.length, wrongs.length)
        const surplus = new Map<number, number>()
        for (const { fields, ids, key, kind, last, name, pair } of wrongs) {
          const difference = found.differences.find((one) => isDeepStrictEqual(one.key, key(ids)))
          if (difference === undefined) return assert.fail(`not found: ${name}`)
          assert.deepStrictEqual([difference.table, difference.kind], [table, kind], name)
          assert.deepStrictEqual(
            difference.fields.map((field) =>
              field.field === "at" ? { ...field, built: "as recorded" } : field
            ),
            [...fields],
            name
          )
          assert.deepStrictEqual(
            difference.lastEvent === null
              ? null
              : [difference.lastEvent.streamId, difference.lastEvent.streamPos, difference.lastEvent.type],
            last === null ? null : [`conversation-${pair.id}`, ...last],
            name
          )
          const change = kind === "differs" ? 0 : kind === "only built" ? 1 : -1
          surplus.set(difference.slice, (surplus.get(difference.slice) ?? 0) + change)
        }
        assert.deepStrictEqual(
          found.slices.map((slice) => [slice.table, slice.slice, slice.builtRows - slice.liveRows]),
          [...surplus].sort(([one], [other]) => one - other).map(([slice, rows]) => [table, slice, rows])
        )
        // Neither here nor in what is kept of it.
        const [kept] = yield* sql<{
          row: string
        }>`SELECT jsonb_agg(b)::text AS row FROM projection_build AS b`
        for (const words of [secret, "forged", "label"]) assert.notInclude(kept?.row ?? words, words)

        // Mended by a rebuild, which says what it has mended.
        yield* BuildJobs.request({ projection, kind: "rebuild", by: "ada", maxRate: null, keepHours: 0 })
        assert.deepStrictEqual((yield* ended(projection)).comparison?.differences, found.differences)
        assert.deepStrictEqual(yield* dump(projection), before)
      }
    })
  )

  test(
    "leaves parked streams out, lists them, and still finds what differs beside them (F35)",
    Effect.gen(function* () {
      const [sick, sound] = ["sick", "sound"].map((name) =>
        Talk.pair(`verify ${name}`, Talk.person("b"), Talk.person(name))
      )
      if (sick === undefined || sound === undefined) return assert.fail("no pair")
      for (const pair of [sick, sound]) {
        yield* Talk.start(pair)
        yield* Talk.say(pair, "worker", pair === sick ? secret : "hello")
        yield* Talk.say(pair, "business", "answer")
      }
      const parking = {
        ...historyProjection,
        fold: (events: Parameters<typeof historyProjection.fold>[0]) => {
          if (events.some(({ event }) => event.type === "TextSent" && event.body?.text === secret)) {
            throw new TypeError("no")
          }
          return historyProjection.fold(events)
        }
      }
      yield* catchUp(parking)
      assert.strictEqual((yield* Parked.list("history")).length, 1)
      // The live tables follow one conversation less than those that this program builds.
      yield* Effect.forkScoped(own([buildingOf(historyProjection)]))
      const stream = `conversation-${sick.id}`
      const left = yield* verify("history")
      assert.deepStrictEqual([left.equal, left.parked], [true, [stream]])
      // Of the one that is sound: two messages and its standing.
      assert.strictEqual(left.rows, 3)
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE history.message SET seq = 9 WHERE pos = 3`
      yield* sql`DELETE FROM history.message WHERE conversation_id = ${sick.id}`
      const found = yield* verify("history")
      assert.deepStrictEqual([found.equal, found.parked, found.differences.length], [false, [stream], 1])
      assert.deepStrictEqual(found.differences[0]?.key, { conversation_id: sound.id, pos: 3 })
    })
  )

  test(
    "makes neither readers nor the owner wait while it compares (F36)",
    Effect.gen(function* () {
      const pairs = Array.from({ length: 5 }, (_, i) =>
        Talk.pair(`unhindered ${i}`, Talk.person("b"), Talk.person(`w ${i}`))
      )
      for (const pair of pairs) yield* Talk.start(pair)
      yield* catchUpAll
      // A second table, of which the live one is locked: the comparison waits there, with the first one read.
      const sql = yield* SqlClient.SqlClient
      const gate: Table = {
        name: "gate",
        columns: { conversation_id: { type: "uuid" }, slice: { type: "smallint" } },
        key: ["conversation_id"]
      }
      const createGate = (set: string) =>
        sql`CREATE TABLE ${sql(`${set}.gate`)} (conversation_id uuid PRIMARY KEY, slice smallint)`
      const gated: Projection<ConversationEvent> = {
        ...inboxProjection,
        tables: [...inboxProjection.tables, gate],
        createTables: (set) => Effect.andThen(inboxProjection.createTables(set), createGate(set))
      }
      yield* createGate("inbox")
      const [locked, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      yield* Effect.forkScoped(
        sql.withTransaction(
          sql`LOCK TABLE inbox.gate IN ACCESS EXCLUSIVE MODE`.pipe(
            Effect.andThen(Deferred.succeed(locked, undefined)),
            Effect.andThen(Deferred.await(go))
          )
        )
      )
      yield* Deferred.await(locked)
      yield* Effect.forkScoped(own([keepingOf(inboxProjection)]))
      yield* Effect.forkScoped(own([buildingOf(gated)]))
      yield* BuildJobs.request({
        projection: "inbox",
        kind: "verify",
        by: "ada",
        maxRate: null,
        keepHours: 0
      })
      const waiting = sql`
        SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND relation = 'inbox.gate'::regclass`
      while ((yield* waiting).length === 0) yield* Effect.sleep("5 millis")
      let said = 0
      const talking = Effect.forEach(pairs, (pair) => Talk.say(pair, "worker", `${said++}`)).pipe(
        Effect.andThen(Effect.sleep("5 millis")),
        Effect.forever
      )
      yield* Effect.forkScoped(talking)

      const { config } = yield* PgClient.PgClient
      const impatient = yield* PgClient.makeClient({
        url: config.url,
        startupParameters: { lock_timeout: "100" }
      }).pipe(Effect.provide(Reactivity.layer))
      const inbox = yield* Inbox
      let last = -1
      let looks = 0
      // The owner goes on, and whoever reads sees it go on, by rows and without waiting for any lock.
      while (looks < 50 || last < 5) {
        const [row] = yield* impatient<{ total: number }>`
          SELECT sum(message_count)::int / 2 AS total FROM inbox.conversation`
        assert.isAtLeast(row?.total ?? -1, last)
        last = row?.total ?? -1
        const { entries } = yield* inbox.list({ subject: Talk.person("b"), view: "active", limit: 50 })
        assert.strictEqual(entries.length, pairs.length)
        looks += 1
      }
      // All this time.
      assert.strictEqual((yield* waiting).length, 1)
      yield* untilBuild("inbox", ({ stage, state }) => state === "running" && stage === "comparing")
      yield* Deferred.succeed(go, undefined)
      const { comparison, state } = yield* ended("inbox")
      assert.deepStrictEqual([state, comparison?.equal, comparison?.differences], ["done", true, []])
    })
  )
}
