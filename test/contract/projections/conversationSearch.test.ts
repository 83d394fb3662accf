import { assert, it } from "@effect/vitest"
import { People, type PersonDetails } from "@indelible/application/people/People"
import { BadCursor } from "@indelible/projections/engine/Cursor"
import { ConversationSearch, type FoundConversation } from "@indelible/projections/search/ConversationSearch"
import type { Excerpt } from "@indelible/projections/search/Excerpt"
import { Effect } from "effect"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { catchUpAll, layer } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

const details: PersonDetails = { name: "", email: "x@example.com", role: "worker", status: "active" }

/** A conversation with somebody of this name. */
const withName = Effect.fn(function* (run: string, name: string) {
  const { subject } = yield* (yield* People).put(`${run} ${name}`, { ...details, name })
  const pair = Talk.pair(`${run} ${name}`, Talk.person(`business ${run}`), subject)
  yield* Talk.start(pair)
  return pair
})

const search = Effect.fn(function* (pair: Talk.Pair, text: string, limit = 50, cursor?: string) {
  yield* catchUpAll
  return yield* (yield* ConversationSearch).page({ subject: pair.business, text, limit, cursor })
})

const hitsOf = (excerpt: Excerpt | undefined) =>
  excerpt?.parts.filter(({ hit }) => hit).map(({ text }) => text) ?? null
const shown = ({ entry, message, name }: FoundConversation) => [
  entry.conversationId,
  hitsOf(name ?? undefined),
  hitsOf(message?.excerpt)
]

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(
    `Search for conversations (${server})`,
    (it) => {
      it.effect("finds them by name and by text, names first, each with why it was found", () =>
        Effect.gen(function* () {
          const zoe = yield* withName("both", "Zoë <b>Müller</b>")
          const ben = yield* withName("both", "Ben Weiß")
          const ada = yield* withName("both", "Ada Okafor")
          yield* Talk.say(
            ben,
            "worker",
            "Has Mrs Muller written? I wait for her since Monday, and so does everyone else"
          )
          yield* Talk.say(ada, "worker", "Müller, Müller")
          yield* Talk.putAway(ada, "worker")
          const found = (text: string) => Effect.map(search(zoe, text), (page) => page.found.map(shown))
          assert.deepStrictEqual(yield* found("muller"), [
            [zoe.id, ["Müller"], null],
            [ada.id, null, ["Müller", "Müller"]],
            [ben.id, null, ["Muller"]]
          ])
          assert.deepStrictEqual(yield* found("mül"), yield* found("muller"))
          assert.deepStrictEqual(yield* found("ZOE muller"), [[zoe.id, ["Zoë", "Müller"], null]])
          assert.deepStrictEqual(yield* found("weiss OR ada"), [
            [ada.id, ["Ada"], null],
            [ben.id, ["Weiß"], null]
          ])
          assert.deepStrictEqual(yield* found("muller -zoe"), [
            [ada.id, null, ["Müller", "Müller"]],
            [ben.id, null, ["Muller"]]
          ])
          for (const nothing of ["nobody", "!", "o'brien"]) assert.deepStrictEqual(yield* found(nothing), [])
          const [archived] = (yield* search(zoe, "ada")).found
          assert.deepInclude(archived?.entry, { status: "ARCHIVED", unread: 1, other: ada.worker })
        })
      )

      it.effect("S3 finds nothing of others, and nobody who was erased", () =>
        Effect.gen(function* () {
          const own = yield* withName("own", "Olga Own")
          const other = yield* withName("other", "Ottilie Other")
          yield* Talk.say(other, "worker", "only here")
          assert.deepStrictEqual((yield* search(own, "ottilie")).found, [])
          assert.deepStrictEqual((yield* search(own, "only here")).found, [])
          const business = Talk.person("nobody")
          assert.deepStrictEqual((yield* search({ ...own, business }, "olga")).found, [])
          const erased = Talk.pair("erased", own.business, Talk.person("no longer in the directory"))
          yield* Talk.start(erased)
          assert.deepStrictEqual((yield* search(own, "deleted")).found, [])
        })
      )

      it.effect("S7 pages without repeat or gap while messages arrive", () =>
        Effect.gen(function* () {
          const pairs = yield* Effect.forEach([..."abcdefghijkl"], (letter) => withName("pages", letter))
          const [first] = pairs
          if (first === undefined) return assert.fail("no conversation")
          for (const [i, pair] of pairs.entries()) {
            yield* Talk.say(pair, "worker", `needle ${"hay ".repeat(i % 3)}`)
          }
          // Messages are told apart from those of the first page by their time.
          yield* Effect.sleep("5 millis")
          let page = yield* search(first, "needle", 5)
          const seen = page.found.map(({ entry }) => entry.conversationId)
          while (page.next !== null) {
            for (const pair of pairs) yield* Talk.say(pair, "worker", "needle needle needle")
            page = yield* search(first, "needle", 5, page.next)
            seen.push(...page.found.map(({ entry }) => entry.conversationId))
          }
          assert.strictEqual(seen.length, 12)
          assert.sameMembers(
            seen,
            pairs.map(({ id }) => id)
          )
        })
      )

      it.effect("S6 refuses a cursor of another person or text", () =>
        Effect.gen(function* () {
          const one = yield* withName("cursors", "Same Name")
          yield* withName("cursors", "Same Other")
          const { next } = yield* search(one, "same", 1)
          assert.isString(next)
          const other = { ...one, business: one.worker }
          for (const refused of [search(other, "same", 1, next ?? ""), search(one, "sam", 1, next ?? "")]) {
            assert.deepStrictEqual(yield* Effect.flip(refused), new BadCursor())
          }
        })
      )
    }
  )
}
