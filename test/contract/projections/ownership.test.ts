import { PgClient } from "@effect/sql-pg"
import { assert, it } from "@effect/vitest"
import { ownerOf, owningSession } from "@indelible/projections/engine/Owner"
import { LockConnection, own } from "@indelible/projections/engine/Ownership"
import { Effect, Fiber, type Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../servers/TestDatabase.ts"

const names = ["one", "two", "three", "four"]

/** A node that does nothing with what it owns but to say so. */
const node = Effect.fn(function* (url: Redacted.Redacted, name: string) {
  const owns = new Set<string>()
  const owned = names.map((each) => ({
    name: each,
    kind: "projection" as const,
    body: Effect.ensuring(
      Effect.andThen(
        Effect.sync(() => owns.add(each)),
        Effect.never
      ),
      Effect.sync(() => owns.delete(each))
    )
  }))
  const connection = PgClient.makeClient({ url, applicationName: owningSession(name) })
  const fiber = yield* Effect.forkScoped(
    own(owned).pipe(Effect.provideService(LockConnection, connection.pipe(Effect.provide(Reactivity.layer))))
  )
  return { owns, fiber }
})

const until = (check: () => boolean) =>
  Effect.timeout(
    Effect.repeat(Effect.delay(Effect.sync(check), "10 millis"), { while: (yes) => !yes }),
    "20 seconds"
  )

for (const server of TestDatabase.whichServers()) {
  it.live(`nodes share what there is, and take over what one that ends had (F33, F37) (${server})`, () =>
    Effect.gen(function* () {
      const url = yield* TestDatabase.make(server)
      const first = yield* node(url, "first")
      yield* until(() => first.owns.size === 4)
      const second = yield* node(url, "second")
      let doubled = false
      const watch = yield* Effect.forkScoped(
        Effect.forever(
          Effect.delay(
            Effect.sync(() => {
              doubled ||= names.some((name) => first.owns.has(name) && second.owns.has(name))
            }),
            "1 millis"
          )
        )
      )
      yield* until(() => first.owns.size === 2 && second.owns.size === 2)
      assert.deepStrictEqual([...first.owns, ...second.owns].sort(), [...names].sort())
      yield* Effect.gen(function* () {
        const owners = yield* Effect.forEach(names, ownerOf)
        assert.deepStrictEqual(owners.toSorted(), ["first", "first", "second", "second"])
        assert.isNull(yield* ownerOf("nothing of this name"))
        const sql = yield* SqlClient.SqlClient
        // As by a kill: the server ends its session.
        yield* sql`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${owningSession("second")}`
      }).pipe(Effect.provide(PgClient.layer({ url })))
      yield* Fiber.interrupt(second.fiber)
      yield* until(() => first.owns.size === 4)
      yield* Fiber.interrupt(watch)
      assert.isFalse(doubled)
    }).pipe(Effect.scoped)
  )
}
