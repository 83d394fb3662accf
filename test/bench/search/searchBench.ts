import { availableParallelism, loadavg } from "node:os"
import { PgClient } from "@effect/sql-pg"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as InstallationKey from "@indelible/infrastructure/keys/InstallationKey"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { keyVaultMigrations } from "@indelible/infrastructure/postgres/KeyVaultMigration"
import { eventLogMigrations } from "@indelible/infrastructure/postgres/log/EventLogMigrations"
import * as PgEventStore from "@indelible/infrastructure/postgres/log/PgEventStore"
import { migrate } from "@indelible/infrastructure/postgres/Migrations"
import { peopleMigrations } from "@indelible/infrastructure/postgres/PeopleMigration"
import * as PgPeople from "@indelible/infrastructure/postgres/PgPeople"
import { Freshness } from "@indelible/projections/engine/Freshness"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { projectionMigrations } from "@indelible/projections/migrations"
import { ConversationSearch } from "@indelible/projections/search/ConversationSearch"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Searching } from "@indelible/projections/search/Searching"
import { Console, Effect, Layer, type Redacted, Redacted as Secret } from "effect"
import { SecureRandom } from "effect/crypto"
import { nodesOf, plansOf } from "../../contract/projections/Plans.ts"
import { benchDatabase } from "../BenchDatabase.ts"
import { measured } from "../Latencies.ts"
import { beginnings, mostFrequent, searchers } from "./Corpus.ts"
import { load } from "./LoadMessages.ts"

const messageCount = 1_000_000
const goalMillis = 30
const limit = 50

/** Most searches of one kind, and how long they may take together. */
const runs = 200
const millis = 3_000

const wanted: ReadonlyArray<readonly [what: string, texts: ReadonlyArray<string>]> = [
  ["common word, in 2 %", ["schedule"]],
  ["most frequent word, in 5 %", [mostFrequent]],
  ["rare word, in 0.1 %, accent", ["zurich"]],
  ["first three letters", beginnings],
  ["two common words", [`schedule ${mostFrequent}`]],
  ["CJK bigram", ["天气"]],
  ["of nobody's", ["xylophone"]]
]

const orders = ["newest", "rank", "conversations"] as const

const searches = Effect.gen(function* () {
  const messages = yield* MessageSearch
  const conversations = yield* ConversationSearch
  return (order: (typeof orders)[number], subject: SubjectId, text: string) =>
    Effect.asVoid<unknown, Effect.Error<ReturnType<typeof messages.page | typeof conversations.page>>, never>(
      order === "conversations"
        ? conversations.page({ subject, text, limit })
        : messages.page({ subject, text, order, limit })
    )
})

/** By which indexes the messages are found. */
const indexesOf = Effect.fnUntraced(function* <A, E, R>(search: Effect.Effect<A, E, R>) {
  const scans = (yield* plansOf(search)).flatMap(nodesOf).flatMap((node) => {
    const whole = node["Node Type"] === "Seq Scan" && node["Relation Name"] === "message"
    return whole ? "ALL MESSAGES" : (node["Index Name"] ?? [])
  })
  return ["words", "message_pkey", "ALL MESSAGES"].filter((name) => scans.includes(name)).join(" and ")
})

const measure = Effect.gen(function* () {
  const loaded = yield* load(messageCount)
  const searchFor = yield* searches
  const lines = []
  for (const order of orders) {
    for (const { size, subject } of searchers) {
      for (const [what, texts] of wanted) {
        yield* Console.error(`${order}, ${size} conversations: ${what}`)
        const search = (turn: number) => searchFor(order, subject, texts[turn % texts.length] ?? "")
        yield* Effect.ignore(search(0))
        const latencies: Array<number> = []
        let tooSlow = 0
        const start = performance.now()
        for (let turn = 0; turn < runs && performance.now() - start < millis; turn++) {
          const begin = performance.now()
          yield* Effect.catchTag(search(turn), "SearchTooSlow", () =>
            Effect.sync(() => {
              tooSlow += 1
            })
          )
          latencies.push(performance.now() - begin)
        }
        const { p50, p99 } = measured(latencies, performance.now() - start)
        lines.push({
          order,
          conversations: size,
          what,
          runs: latencies.length,
          tooSlow,
          fastest: Number(Math.min(...latencies).toFixed(1)),
          p50: Number(p50.toFixed(1)),
          p99: Number(p99.toFixed(1)),
          index: yield* indexesOf(search(0)),
          goal: order === "newest" ? (p99 < goalMillis && tooSlow === 0 ? "met" : "NOT MET") : ""
        })
      }
    }
  }
  // Of the whole machine over the last minute: beside more than one a core, latencies are those of waiting for the other.
  const [loadAverage = Number.NaN] = loadavg()
  return {
    loaded,
    lines,
    cores: availableParallelism(),
    loadAverage: Number(loadAverage.toFixed(1)),
    goal: `newest first: p99 under ${goalMillis} ms`
  }
})

const environment = (url: Redacted.Redacted) => {
  const migrations = {
    ...eventLogMigrations,
    ...keyVaultMigrations,
    ...peopleMigrations,
    ...projectionMigrations
  }
  const database = PgClient.layer({
    url,
    maxConnections: 8,
    startupParameters: { jit: "off", timezone: "UTC" }
  })
  const key = InstallationKey.make(Secret.make(new Uint8Array(32)))
  return Layer.merge(MessageSearch.layer, ConversationSearch.layer).pipe(
    Layer.provideMerge(Searching.layer),
    Layer.provideMerge(Inbox.layer),
    Layer.provide(Freshness.layer),
    Layer.provide(ProjectionProgress.layer),
    Layer.provide(PgEventStore.layer({ url, node: "bench" })),
    Layer.provide(EnvelopeOpener.layer),
    Layer.provide(MemoryKeyVault.layer),
    Layer.provide(PgPeople.layer),
    Layer.provide(Layer.succeed(InstallationKey.InstallationKey, key)),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.provideMerge(Layer.provideMerge(Layer.effectDiscard(migrate(migrations)), database))
  )
}

/** Searches of people with few, some and many conversations among a million messages, one at a time. */
export const searchBench = ({ json }: { readonly json: boolean }) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { url } = yield* benchDatabase
      const result = yield* Effect.provide(measure, environment(url))
      if (json) return yield* Console.log(JSON.stringify(result))
      yield* Effect.sync(() => {
        console.table([result.loaded])
        console.table(result.lines)
        console.log(`${result.goal}; ${result.cores} cores, load average ${result.loadAverage}`)
      })
    })
  )
