import { assert, it } from "@effect/vitest"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect } from "effect"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { catchUpAll, layer } from "./ReadModelDatabase.ts"
import * as Talk from "./Talk.ts"

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(`Unread (${server})`, (it) => {
    it.effect(
      "counts the other side's messages above the read mark, archived ones too (NFR-MSG-USAB-005)",
      () =>
        Effect.gen(function* () {
          const unread = yield* Unread
          const business = Talk.person("business")
          const one = Talk.pair("one", business, Talk.person("worker one"))
          const two = Talk.pair("two", business, Talk.person("worker two"))
          const counts = Effect.gen(function* () {
            yield* catchUpAll
            return [
              yield* unread.inConversation(business, one.id),
              yield* unread.inConversation(one.worker, one.id),
              yield* unread.inConversation(business, two.id),
              yield* unread.total(business)
            ]
          })
          yield* Talk.start(one)
          yield* Talk.start(two)
          assert.deepStrictEqual(yield* counts, [0, 0, 0, 0])
          yield* Talk.say(one, "worker", "1")
          yield* Talk.say(one, "worker", "2")
          yield* Talk.say(one, "business", "3")
          yield* Talk.say(two, "worker", "1")
          yield* Talk.putAwayByItself(two)
          assert.deepStrictEqual(yield* counts, [2, 1, 1, 3])
          yield* Talk.receive(one, "business")
          assert.deepStrictEqual(yield* counts, [2, 1, 1, 3])
          yield* Talk.read(one, "business", { seq: 1, sent: { business: 0, worker: 1 } })
          assert.deepStrictEqual(yield* counts, [1, 1, 1, 2])
          yield* Talk.read(one, "business")
          yield* Talk.read(one, "worker")
          assert.deepStrictEqual(yield* counts, [0, 0, 1, 1])
        })
    )

    it.effect("is nothing for whoever is not in the conversation", () =>
      Effect.gen(function* () {
        const unread = yield* Unread
        const stranger = Talk.person("stranger")
        const pair = Talk.pair("theirs", Talk.person("a"), Talk.person("b"))
        yield* Talk.start(pair)
        yield* Talk.say(pair, "worker", "hello")
        yield* catchUpAll
        assert.deepStrictEqual(
          [yield* unread.inConversation(stranger, pair.id), yield* unread.total(stranger)],
          [0, 0]
        )
      })
    )
  })
}
