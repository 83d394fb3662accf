import { assert, it } from "@effect/vitest"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { bestHits } from "@indelible/projections/search/ConversationHits"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { newestHits } from "@indelible/projections/search/NewestHits"
import { ownMessages } from "@indelible/projections/search/OwnMessages"
import { rankedHits } from "@indelible/projections/search/RankedHits"
import { searchQuery } from "@indelible/projections/search/ReadQuery"
import { Searching } from "@indelible/projections/search/Searching"
import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { blocksOf, nodesOf, plansOf } from "./Plans.ts"
import { layer } from "./ReadModelDatabase.ts"
import { searchableTalk } from "./SearchableTalk.ts"
import * as Talk from "./Talk.ts"

const [few, many] = [Talk.person("searches few"), Talk.person("searches many")]
const texts = ["common", "rare", "word17", "com", '"common rare"', "common -word17", "common OR rare"]

/** The plan of a search, which is its last statement. */
const planOf = Effect.fn(function* <A, E, R>(search: Effect.Effect<A, E, R>) {
  const plan = (yield* plansOf(search)).at(-1)
  return plan ?? (yield* Effect.die(new Error("no statement")))
})

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Plans of searches (${server})`,
    (it) => {
      it.effect("go by the index of words alone, however many conversations somebody has", () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const searching = yield* Searching
          yield* searchableTalk(few, 10)
          yield* searchableTalk(many, 400)
          for (let i = 0; i < 20; i++) yield* searchableTalk(Talk.person(`another ${i}`), 100)
          yield* sql`ANALYZE search.message`
          for (const subject of [few, many]) {
            for (const text of texts) {
              const query = Result.getOrThrow(searchQuery(text))
              const sought = ownMessages(sql, subject, null, query)
              for (const search of [
                searching.run(newestHits(sql, sought, null, 51)),
                searching.run(rankedHits(sql, sought, query, null, 51)),
                searching.run(bestHits(sql, sought, query, null))
              ]) {
                const plan = yield* planOf<unknown, unknown, never>(search)
                const nodes = nodesOf(plan)
                const scans = nodes.filter((node) => node["Relation Name"] === "message")
                const kinds = scans.map((node) => node["Node Type"])
                assert.deepStrictEqual(kinds, ["Bitmap Heap Scan"], text)
                const indexes = nodes.flatMap((node) => node["Index Name"] ?? [])
                assert.deepStrictEqual(indexes, ["words"], text)
                // Own hits, at most two hundred and forty, one page each, and the way to them.
                assert.isAtMost(blocksOf(plan), subject === few ? 60 : 400, text)
              }
            }
          }
        })
      )

      it.effect("go by an index in one conversation as well", () =>
        Effect.gen(function* () {
          const messages = yield* MessageSearch
          const subject = Talk.person("searches one")
          const [id = ""] = yield* searchableTalk(subject, 1)
          const conversation = ConversationId.make(id)
          for (const order of ["newest", "rank"] as const) {
            const search = messages.page({ subject, conversation, text: "common", order, limit: 50 })
            const nodes = nodesOf(yield* planOf(search))
            assert.notInclude(
              nodes.map((node) => node["Node Type"]),
              "Seq Scan"
            )
          }
        })
      )
    }
  )
}
