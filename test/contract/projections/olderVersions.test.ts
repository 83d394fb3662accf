import { assert, it } from "@effect/vitest"
import { EventStore } from "@indelible/application/store/EventStore"
import { streamId } from "@indelible/application/store/StreamId"
import { type Conversation, conversation } from "@indelible/domain/conversation/Conversation"
import { conversationEvents } from "@indelible/domain/conversation/ConversationEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { History } from "@indelible/projections/history/History"
import { historyProjection } from "@indelible/projections/history/HistoryProjection"
import type { SystemDetail } from "@indelible/projections/history/SystemDetail"
import { Clock, Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { putAwayInVersion1 } from "./OlderProgram.ts"
import { beginning } from "./RandomHistory.ts"
import { catchUpAll, dump, layer, rebuild } from "./ReadModelDatabase.ts"
import { stoppedAt } from "./StoppedClock.ts"
import * as Talk from "./Talk.ts"

const pairOf = (name: string) => Talk.pair(name, Talk.person(`${name} b`), Talk.person(`${name} w`))

/** Archived by a person and by the system; by the older program as far as it is said. */
const story = Effect.fnUntraced(
  function* (pair: Talk.Pair, older: { byPerson: boolean; bySystem: boolean }) {
    yield* Talk.start(pair)
    yield* Talk.say(pair, "business", "hello")
    yield* older.byPerson ? putAwayInVersion1(pair, "worker") : Talk.putAway(pair, "worker")
    yield* Talk.takeOut(pair, "business")
    yield* older.bySystem ? putAwayInVersion1(pair, "system") : Talk.putAwayByItself(pair)
  },
  (effect) =>
    // Rows and states carry times: all of it happens at one.
    Effect.flatMap(Clock.Clock, (real) =>
      Effect.provideService(effect, Clock.Clock, stoppedAt(real, beginning))
    )
)

const detailsOf = Effect.fnUntraced(function* ({ id }: Talk.Pair) {
  const { messages } = yield* (yield* History).page(id, { _tag: "Newest" }, 50)
  return messages.flatMap((message) => (message.kind === "SYSTEM" ? [message.detail] : []))
})

const streamOf = ({ id }: Talk.Pair) => streamId(conversation.category, id)

const archivingsOf = Effect.fnUntraced(function* (pair: Talk.Pair) {
  const stored = yield* (yield* EventStore).readStream(streamOf(pair), 0, 100)
  return stored
    .filter(({ header }) => header.type === "ConversationArchived")
    .map(({ header }) => header.schemaVersion)
})

/** The state that the stream has, and the one that its events fold to. */
const statesOf = Effect.fnUntraced(function* (pair: Talk.Pair) {
  const store = yield* EventStore
  const [head] = yield* store.heads(conversation, [streamOf(pair)])
  const stored = yield* store.readStream(streamOf(pair), 0, 100)
  const folded = stored.reduce<Conversation>((state, { header }) => {
    const { facts, recordedAt, schemaVersion, streamPos: pos, type } = header
    const event = Result.getOrThrow(readEvent(conversationEvents, type, schemaVersion, facts, null))
    return conversation.evolve(state, { ...event, pos, recordedAt })
  }, null)
  return { kept: head?.state, folded }
})

const expected: Array<SystemDetail> = [
  { event: "archived", by: "worker", cause: "request" },
  { event: "reopened", by: "business", cause: "request" },
  { event: "archived", by: "system", cause: "inactivity" }
]

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `A log that two programs wrote (${server})`,
    (it) => {
      it.effect("reads, folds and shows alike, whichever of them archived", () =>
        Effect.gen(function* () {
          const mixed = { byPerson: true, bySystem: false }
          const cases = [
            { pair: pairOf("new"), older: { byPerson: false, bySystem: false }, versions: [2, 2] },
            { pair: pairOf("mixed"), older: mixed, versions: [1, 2] },
            { pair: pairOf("old"), older: { byPerson: true, bySystem: true }, versions: [1, 1] }
          ]
          for (const { older, pair, versions } of cases) {
            yield* story(pair, older)
            assert.deepStrictEqual(yield* archivingsOf(pair), versions)
            const { folded, kept } = yield* statesOf(pair)
            assert.deepStrictEqual(kept, folded)
            assert.deepInclude(kept, { statusPos: 5 })
          }
          yield* catchUpAll
          for (const { pair } of cases) assert.deepStrictEqual(yield* detailsOf(pair), expected)

          // Today's program goes on where the older one stopped.
          for (const { pair } of cases) {
            yield* Talk.takeOut(pair, "worker")
            const { folded, kept } = yield* statesOf(pair)
            assert.deepStrictEqual(kept, folded)
            assert.strictEqual(kept?.tally.status, "ACTIVE")
          }
        })
      )

      it.effect(
        "rows that the older program made are shown alike, before and after they are built anew",
        () =>
          Effect.gen(function* () {
            const sql = yield* SqlClient.SqlClient
            const pair = pairOf("rows")
            yield* story(pair, { byPerson: true, bySystem: true })
            yield* catchUpAll
            const whole = yield* dump(historyProjection.name)
            yield* sql`
            UPDATE history.message
            SET detail = regexp_replace(detail, ',"cause":"[a-z]+"', '')
            WHERE conversation_id = ${pair.id} AND detail LIKE '%archived%'`
            const asVersion1 = yield* dump(historyProjection.name)
            assert.include(asVersion1.join("\n"), '{""event"":""archived"",""by"":""system""}')
            assert.deepStrictEqual(yield* detailsOf(pair), expected)

            yield* rebuild(historyProjection, "history_anew")
            assert.deepStrictEqual(yield* dump("history_anew"), whole)
          })
      )
    }
  )
}
