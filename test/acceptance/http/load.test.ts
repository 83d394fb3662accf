import { PgClient } from "@effect/sql-pg"
import { Effect } from "effect"
import { Reactivity } from "effect/reactivity"
import { assert, describe, it } from "vitest"
import { Sent } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile({ READ_POOL: "24" })

const connections = () =>
  Effect.gen(function* () {
    const sql = yield* PgClient.makeClient({ url: world().database })
    const [row] = yield* sql<{ count: number }>`
      SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    return row?.count ?? 0
  }).pipe(Effect.provide(Reactivity.layer), Effect.scoped, Effect.runPromise)

describe("many at once", () => {
  it("a node takes at most 40 connections, however many ask", async () => {
    const { business, path, send, worker } = await world().talk()
    const asking = Array.from({ length: 200 }, (_, i) =>
      i % 4 === 0
        ? send(business, `m${i}`)
        : (i % 4 === 1 ? business : worker)("GET", i % 4 === 2 ? "/conversations" : `${path}/messages`)
    )
    const counted = await connections()
    const answers = await Promise.all(asking)
    assert.isAtMost(Math.max(counted, await connections()), 40)
    for (const { outcome, status } of answers) assert.include([200, 201], status, outcome)
  })

  it("F14 fifty senders of one conversation are all saved, in one order without a gap", async () => {
    const { business, send, worker } = await world().talk()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => send(i % 2 === 0 ? business : worker, `m${i}`))
    )
    const numbers = answers.map((answer) => answer.as(Sent).seq)
    assert.sameMembers(
      numbers,
      Array.from({ length: 50 }, (_, i) => i + 1)
    )
  })
})
