import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { BadCursor } from "@indelible/projections/engine/Cursor"
import { NotYetFresh } from "@indelible/projections/engine/Freshness"
import { matches } from "@indelible/projections/search/Matching"
import {
  MessageSearch,
  type MessageSearchQuery,
  type SearchOrder
} from "@indelible/projections/search/MessageSearch"
import { searchQuery } from "@indelible/projections/search/ReadQuery"
import { SearchTimeout, SearchTooSlow } from "@indelible/projections/search/Searching"
import { searchProjection } from "@indelible/projections/search/SearchProjection"
import { BadSearch, findsAnything } from "@indelible/projections/search/SearchQuery"
import { tsqueryText, tsvectorText } from "@indelible/projections/search/TsText"
import { wordsOf } from "@indelible/projections/search/Words"
import { Clock, Deferred, Effect, Fiber, Result, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { catchUpAll, layer } from "./ReadModelDatabase.ts"
import { stoppedAt } from "./StoppedClock.ts"
import * as Talk from "./Talk.ts"

const pairOf = (name: string, business = Talk.person(`business ${name}`)) =>
  Talk.pair(`search ${name}`, business, Talk.person(`worker ${name}`))

type Asked = Partial<MessageSearchQuery> & Pick<MessageSearchQuery, "subject" | "text">

const search = Effect.fn(function* (asked: Asked) {
  yield* catchUpAll
  return yield* (yield* MessageSearch).page({ order: "newest", limit: 50, ...asked })
})
type Page = Effect.Success<ReturnType<typeof search>>
const textsOf = ({ hits }: Page) => hits.map(({ excerpt }) => excerpt.parts.map(({ text }) => text).join(""))
const placesOf = ({ hits }: Page) => hits.map(({ conversationId, pos }) => `${conversationId}.${pos}`)

/** A conversation in which these were said. */
const talk = Effect.fn(function* (pair: Talk.Pair, texts: ReadonlyArray<string>) {
  yield* Talk.start(pair)
  for (const text of texts) yield* Talk.say(pair, "worker", text)
  return pair
})

const expected: ReadonlyArray<readonly [text: string, ...searches: ReadonlyArray<string>]> = [
  [
    "Der Zug nach Zürich fährt um 7:45",
    "zurich",
    "ZÜRICH",
    "züri",
    "fahrt 7:45",
    "zug -bern",
    '"nach zurich"'
  ],
  ["Straße gesperrt in Łódź", "strasse", "lodz"],
  ["write to anna.meier@example.com please", "anna.meier@example.com", "example.com", "meier", "anna.meier"],
  ["see https://jobs.example/a/b?c=d", "jobs.example", "https://jobs.example/a/b?c=d"],
  ["Hello.World and/or <NotAnElement> 5 km/h", "world", "or", "notanelement", "km/h"],
  ["今天天气很好，明天“下雨”", "天气", "今天天气", "好", "下雨", "天"],
  ["東京タワーでｶﾞﾑを買う", "タワー", "ガム", "東京"],
  ["학교에서 만나요", "학교", "만나"],
  ["พรุ่งนี้ไปกรุงเทพ", "กรุงเทพ", "พรุ่งนี้"],
  ["شُكْرًا جزيلا يا أحمد", "شكرا", "احمد"],
  ["שָׁלוֹם לך", "שלום"],
  ["Всё хорошо, ёлка", "все", "елка", "ХОРОШО"],
  ["well done 👍🏽 see you 👨‍👩‍👧‍👦", "👍", "👍🏿", "👨‍👩‍👧‍👦", "done 👍"],
  ["to be or not to be", "to be", "not", '"or not"']
]

/** Characters that mean something to somebody: people, SQL, tsquery. */
const odd = Schema.Array(
  Schema.Literals([
    ...([
      "a",
      "b",
      "'",
      '"',
      "\\",
      "&",
      "|",
      "!",
      ":",
      "*",
      "(",
      ")",
      "<->",
      "%",
      "_",
      " ",
      "-",
      " -"
    ] as const),
    ...(["\u0000", "\u3000", "\ud800", "é", "ß", "天", "气", "กุ", "👍🏽", "OR", " OR ", "<2>", ":A"] as const)
  ])
).check(Schema.isMaxLength(12))

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(`Search (${server})`, (it) => {
    it.effect("S4 finds what a person expects in any language, and nothing else", () =>
      Effect.gen(function* () {
        const pair = yield* talk(
          pairOf("languages"),
          expected.map(([text]) => text)
        )
        for (const [text, ...searches] of expected) {
          for (const asked of searches) {
            assert.include(textsOf(yield* search({ subject: pair.business, text: asked })), text, asked)
          }
        }
        for (const asked of ["zur", "天好", "bern", '"zurich nach"', "jobs.example -see", "!", ":*", "''"]) {
          const found = textsOf(yield* search({ subject: pair.business, text: asked }))
          assert.strictEqual(found.length, asked === "zur" ? 1 : 0, asked)
        }
      })
    )

    it.effect.prop(
      "S1 S5 whatever is typed is a query to Postgres or is refused, and both find the same",
      [odd, odd],
      ([typed, said]) =>
        Effect.gen(function* () {
          const query = searchQuery(typed.join(""))
          if (Result.isFailure(query)) return assert.instanceOf(query.failure, BadSearch)
          const sql = yield* SqlClient.SqlClient
          const words = wordsOf(said.join("").toWellFormed())
          const [row] = yield* sql<{ found: boolean }>`
              SELECT ${tsvectorText(words)}::tsvector @@ ${tsqueryText(query.success)}::tsquery AS found`
          if (findsAnything(query.success)) assert.strictEqual(row?.found, matches(words, query.success))
        }),
      { timeout: 120_000, arbitrary: { runs: 2_000 } }
    )

    it.effect("takes a text that is one long word, or of one word only, or all different", () =>
      Effect.gen(function* () {
        const pair = yield* talk(pairOf("long"), [
          "x".repeat(5_000),
          "ha ".repeat(1_666),
          Array.from({ length: 4_999 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("")
        ])
        for (const text of ["x".repeat(200), "xxx", "ha", "一丁"]) {
          assert.strictEqual((yield* search({ subject: pair.worker, text })).hits.length, 1, text)
        }
      })
    )

    it.effect("S3 keeps to one's own conversations, whatever list it is given", () =>
      Effect.gen(function* () {
        const [own, others] = [pairOf("own"), pairOf("others")]
        yield* talk(own, ["mine alone"])
        yield* talk(others, ["theirs alone secretword"])
        const subject = own.business
        for (const order of ["newest", "rank"] as const) {
          assert.deepStrictEqual(textsOf(yield* search({ subject, text: "alone", order })), ["mine alone"])
          assert.deepStrictEqual(yield* search({ subject, text: "secretword", order }), {
            hits: [],
            next: null
          })
          const conversation = others.id
          assert.deepStrictEqual(textsOf(yield* search({ subject, conversation, text: "alone", order })), [])
        }
        const nobody = Talk.person("has no conversation")
        assert.deepStrictEqual(textsOf(yield* search({ subject: nobody, text: "alone" })), [])
      })
    )

    it.effect("tells who wrote it to whom, when, and where", () =>
      Effect.gen(function* () {
        const pair = pairOf("tells")
        yield* Talk.start(pair)
        const { events } = yield* Talk.say(pair, "business", "<b>Grüezi</b> mitenand")
        const { hits } = yield* search({ subject: pair.worker, text: "gruezi" })
        assert.deepStrictEqual(hits, [
          {
            conversationId: pair.id,
            pos: 2,
            sender: pair.business,
            recipient: pair.worker,
            sentAt: events.map(({ stored }) => stored.header.recordedAt).join(),
            excerpt: {
              parts: [
                { text: "Grüezi", hit: true },
                { text: " mitenand", hit: false }
              ],
              cutBefore: false,
              cutAfter: false
            }
          }
        ])
      })
    )

    it.effect("does not find what is no longer retained", () =>
      Effect.gen(function* () {
        const pair = yield* talk(pairOf("forgotten"), ["forgettable"])
        assert.strictEqual((yield* search({ subject: pair.worker, text: "forgettable" })).hits.length, 1)
        const vault = yield* KeyVault
        const { keyId } = yield* vault.keyFor(pair.worker, yield* Clock.currentTimeMillis)
        yield* searchProjection.purge(keyId)("search")
        assert.strictEqual((yield* search({ subject: pair.worker, text: "forgettable" })).hits.length, 0)
        const sql = yield* SqlClient.SqlClient
        const rows = yield* sql`SELECT text, words FROM search.message WHERE conversation_id = ${pair.id}`
        assert.deepStrictEqual(rows, [{ text: null, words: null }])
      })
    )

    it.effect("gives the newest first, or what answers best", () =>
      Effect.gen(function* () {
        const texts = [
          "shift shift shift",
          `one shift among ${"many other words ".repeat(20)}`,
          "the early shift"
        ] as const
        const { business: subject } = yield* talk(pairOf("orders"), texts)
        const beginnings = (page: Page) => textsOf(page).map((text) => text.slice(0, 9))
        const newest = yield* search({ subject, text: "shift" })
        assert.deepStrictEqual(beginnings(newest), ["the early", "one shift", "shift shi"])
        const best = yield* search({ subject, text: "shift", order: "rank" })
        assert.deepStrictEqual(beginnings(best), ["shift shi", "the early", "one shift"])
      })
    )

    for (const order of ["newest", "rank"] as const satisfies ReadonlyArray<SearchOrder>) {
      it.effect(`S7 pages by ${order} without repeat or gap while messages arrive, also at one time`, () =>
        Effect.gen(function* () {
          const business = Talk.person(`pages ${order}`)
          const pairs = [1, 2, 3].map((n) => pairOf(`pages ${order} ${n}`, business))
          const stopped = stoppedAt(yield* Clock.Clock, Date.UTC(2026, 5, 1))
          const texts = Array.from({ length: 15 }, (_, i) => `needle ${"hay ".repeat(i % 4)}`)
          yield* Effect.provideService(
            Effect.forEach(pairs, (pair) => talk(pair, texts)),
            Clock.Clock,
            stopped
          )
          const asked = { subject: business, text: "needle", order, limit: 7 }
          let page = yield* search(asked)
          const seen = placesOf(page)
          let late = 0
          while (page.next !== null) {
            for (const pair of pairs) yield* Talk.say(pair, "worker", `needle needle ${late++}`)
            page = yield* search({ ...asked, cursor: page.next })
            seen.push(...placesOf(page))
          }
          assert.strictEqual(late, 18)
          assert.strictEqual(seen.length, 45)
          assert.strictEqual(new Set(seen).size, 45)
        })
      )
    }

    it.effect("ranks the newest 1,000 hits, and these to the last page", () =>
      Effect.gen(function* () {
        const pair = yield* talk(pairOf("thousand"), [])
        const sql = yield* SqlClient.SqlClient
        const add = (from: number, to: number) => sql`
            INSERT INTO search.message (conversation_id, pos, slice, sender, recipient, sent_at, text, words)
            SELECT ${pair.id}::uuid, n, 0, ${pair.business}::uuid, ${pair.worker}::uuid,
              timestamptz '2026-01-01Z' + n * interval '1 second', 'straw ' || n, '''straw'':1'::tsvector
            FROM generate_series(${from}::int, ${to}::int) AS n`
        yield* add(2, 1_201)
        const asked = { subject: pair.worker, text: "straw", order: "rank" as const }
        let page = yield* search(asked)
        const seen = placesOf(page)
        yield* add(1_202, 1_300)
        while (page.next !== null) {
          page = yield* search({ ...asked, cursor: page.next })
          seen.push(...placesOf(page))
        }
        assert.strictEqual(seen.length, 1_000)
        assert.strictEqual(new Set(seen).size, 1_000)
        assert.isFalse(seen.includes(`${pair.id}.201`))
      })
    )

    it.effect("S6 refuses a cursor of another person, text, conversation or order", () =>
      Effect.gen(function* () {
        const pair = yield* talk(pairOf("cursors"), ["common one", "common two"])
        const asked = { subject: pair.business, text: "common", limit: 1 }
        const { next } = yield* search(asked)
        assert.isString(next)
        const cursor = next ?? ""
        const others: ReadonlyArray<Asked> = [
          { ...asked, subject: pair.worker },
          { ...asked, text: "commons" },
          { ...asked, text: "!" },
          { ...asked, conversation: pair.id },
          { ...asked, order: "rank" }
        ]
        for (const other of others) {
          assert.deepStrictEqual(yield* Effect.flip(search({ ...other, cursor })), new BadCursor())
        }
        for (const edited of [cursor.slice(0, -2), `${cursor}AA`, "", "é", "x".repeat(5_000)]) {
          assert.deepStrictEqual(
            yield* Effect.flip(search({ ...asked, cursor: edited })),
            new BadCursor(),
            edited
          )
        }
      })
    )

    it.effect("S5 ends searches that take too long, and lets no more than four at once to the database", () =>
      Effect.gen(function* () {
        const { business: subject } = yield* talk(pairOf("slow"), ["slowly"])
        yield* catchUpAll
        const sql = yield* SqlClient.SqlClient
        const locked = yield* Deferred.make<void>()
        const holder = yield* Effect.forkScoped(
          sql.withTransaction(
            Effect.gen(function* () {
              yield* sql`LOCK TABLE search.message`
              yield* Deferred.succeed(locked, undefined)
              yield* Effect.never
            })
          )
        )
        yield* Deferred.await(locked)
        const messages = yield* MessageSearch
        const late = (order: SearchOrder, millis: number) =>
          messages
            .page({ subject, text: "slowly", order, limit: 50 })
            .pipe(Effect.flip, Effect.provideService(SearchTimeout, millis))
        for (const order of ["newest", "rank"] as const) {
          assert.deepStrictEqual(yield* late(order, 50), new SearchTooSlow())
        }
        const eight = Array.from({ length: 8 }, () => late("newest", 1_000))
        const many = yield* Effect.forkScoped(Effect.all(eight, { concurrency: "unbounded" }))
        const waiting = sql<{ searches: bigint }>`
          SELECT count(*) AS searches
          FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%search.message%'`
        while ((yield* waiting)[0]?.searches !== 4n) yield* Effect.sleep("10 millis")
        yield* Effect.sleep("100 millis")
        assert.deepStrictEqual(yield* waiting, [{ searches: 4n }])
        assert.deepStrictEqual(
          yield* Fiber.join(many),
          eight.map(() => new SearchTooSlow())
        )
        yield* Fiber.interrupt(holder)
        assert.strictEqual((yield* search({ subject, text: "slowly" })).hits.length, 1)
      })
    )

    it.effect("is as fresh as it is asked to be, or says that it is not", () =>
      Effect.gen(function* () {
        const pair = yield* talk(pairOf("fresh"), [])
        const { token } = yield* Talk.say(pair, "worker", "freshly said")
        const messages = yield* MessageSearch
        const asked = { subject: pair.business, text: "freshly", order: "newest", limit: 50, token } as const
        assert.deepStrictEqual(
          yield* Effect.flip(messages.page(asked)),
          new NotYetFresh({ projection: "search" })
        )
        yield* catchUpAll
        assert.strictEqual((yield* messages.page(asked)).hits.length, 1)
      })
    )
  })
}
