import { assert, it } from "@effect/vitest"
import { everyDay } from "@indelible/application/jobs/DailyJob"
import { checkStates, StatesChecked } from "@indelible/application/store/CheckStates"
import { nightlyStateCheck } from "@indelible/application/store/NightlyStateCheck"
import { streamId } from "@indelible/application/store/StreamId"
import { conversation } from "@indelible/domain/conversation/Conversation"
import { jobLedgerMigrations } from "@indelible/infrastructure/postgres/JobLedgerMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import * as PgJobLedger from "@indelible/infrastructure/postgres/PgJobLedger"
import { Effect, Layer, Logger, Schedule, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { PostgresServer } from "../servers/PostgresServers.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as LogDatabase from "./LogDatabase.ts"
import * as Talk from "./projections/Talk.ts"

const pairOf = (name: string) => Talk.pair(name, Talk.person(`${name} b`), Talk.person(`${name} w`))
const streamOf = ({ id }: Talk.Pair) => streamId(conversation.category, id)

/** Everything that changes a state, once. */
const talk = Effect.fnUntraced(function* (name: string) {
  const pair = pairOf(name)
  yield* Talk.start(pair)
  yield* Talk.say(pair, "business", "secret")
  yield* Talk.receive(pair, "worker")
  yield* Talk.putAway(pair, "worker")
  yield* Talk.say(pair, "worker", "secret")
  yield* Talk.read(pair, "business")
  yield* Talk.putAwayByItself(pair)
  return pair
})

/** Changes one field of a kept state by hand, as nothing of ours does. */
const plant = Effect.fnUntraced(function* (pair: Talk.Pair, path: string, value: string) {
  const sql = yield* SqlClient.SqlClient
  const changed = yield* sql`
    UPDATE stream
    SET state = jsonb_set(state, ${path}::text::text[], ${value}::text::jsonb)
    WHERE stream_id = ${streamOf(pair)}
    RETURNING stream_id`
  assert.lengthOf(changed, 1)
})

const check = checkStates(conversation, 1_000)

/** The ledger beside the log, both in one database. */
const layer = (server: PostgresServer) =>
  PgJobLedger.layer.pipe(
    Layer.provideMerge(Layer.effectDiscard(migrate({ ...eventLogMigrations, ...jobLedgerMigrations }))),
    Layer.provideMerge(PgEventLog.layer),
    Layer.provideMerge(LogDatabase.layer(server))
  )

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `The check of kept states (${server})`,
    (it) => {
      it.effect("finds nothing until a state is changed by hand, and then names stream and field", () =>
        Effect.gen(function* () {
          const pairs = yield* Effect.forEach(
            Array.from({ length: 40 }, (_, i) => `check ${i}`),
            talk
          )
          const clean = yield* check
          assert.deepStrictEqual(clean, { streams: 40, events: 40 * 8, findings: [] })

          const [first, second, third] = pairs
          assert(first !== undefined && second !== undefined && third !== undefined)
          yield* plant(first, "{tally,unread,worker}", "7")
          yield* plant(second, "{marks,business,read,seq}", "1")
          yield* plant(second, "{statusPos}", "2")
          // Not even a conversation's state any more.
          yield* plant(third, "{tally,status}", '"GONE"')
          const { findings, streams } = yield* check
          assert.strictEqual(streams, 40)
          assert.sameDeepMembers(
            [...findings],
            [
              {
                _tag: "StateDiffers" as const,
                streamId: streamOf(first),
                pos: 8,
                fields: [{ field: "tally.unread.worker", kept: "7", folded: "1" }]
              },
              {
                _tag: "StateDiffers" as const,
                streamId: streamOf(second),
                pos: 8,
                fields: [
                  { field: "marks.business.read.seq", kept: "1", folded: "2" },
                  { field: "statusPos", kept: "2", folded: "8" }
                ]
              },
              { _tag: "StreamDamaged" as const, streamId: streamOf(third) }
            ]
          )
          yield* plant(third, "{tally,status}", '"AUTO_ARCHIVED"')
        })
      )

      it.effect("as a daily job logs what it found and notes it in the ledger", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const logged: Array<string> = []
          const logger = Logger.make(({ logLevel, message }) => void logged.push(`${logLevel} ${message}`))
          const pair = yield* talk("nightly")
          yield* plant(pair, "{lastMessagePos}", "1")
          yield* everyDay(nightlyStateCheck, "a").pipe(
            Effect.provide(Logger.layer([logger])),
            Effect.forkScoped
          )
          const [run] = yield* sql`SELECT node, attempts, outcome FROM job_run WHERE state = 'done'`.pipe(
            Effect.filterOrFail((rows) => rows.length > 0),
            Effect.retry(Schedule.spaced("20 millis"))
          )
          assert.deepInclude(run, { node: "a", attempts: 1 })
          const outcome = Schema.decodeUnknownSync(StatesChecked)(run?.outcome)
          assert.strictEqual(outcome.streams, 41)
          const difference = { field: "lastMessagePos", kept: "1", folded: "6" }
          assert.deepInclude(outcome.findings, {
            _tag: "StateDiffers" as const,
            streamId: streamOf(pair),
            pos: 8,
            fields: [difference]
          })
          const told = logged.filter((line) => line.startsWith("Error"))
          assert.lengthOf(told, outcome.findings.length)
          assert.include(
            told.join("\n"),
            `STATE OUT OF STEP: ${streamOf(pair)} 8: the kept state is not what the events fold to: lastMessagePos is 1, not 6`
          )
          assert.notInclude(JSON.stringify([outcome, logged]), "secret")
        })
      )
    }
  )
}
