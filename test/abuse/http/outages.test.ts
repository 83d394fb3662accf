import { randomUUID } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { assert, describe, it } from "vitest"
import { History, Sent } from "../../http/Answers.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()

/** As the superuser, from beside the product's database. */
const beside = (statements: (name: string) => ReadonlyArray<string>) => {
  const url = new URL(Redacted.value(world().database))
  const name = url.pathname.slice(1)
  return Effect.gen(function* () {
    const sql = yield* PgClient.makeClient({
      url: Redacted.make(Object.assign(new URL(url), { pathname: "/postgres" }).href)
    })
    for (const statement of statements(name)) yield* sql.unsafe(statement)
  }).pipe(Effect.provide(Reactivity.layer), Effect.scoped, Effect.runPromise)
}

const cutOff = () =>
  beside((name) => [
    `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`
  ])
const letIn = () => beside((name) => [`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`])

describe("without its database", () => {
  it("H19 F7 every route answers 503 with a name and no detail, and all is well when it is back", async () => {
    const { business, id, path, send } = await world().talk()
    const platform = await world().as("platform", "service")
    await cutOff()
    try {
      const answers = [
        await business("GET", "/conversations"),
        await business("GET", "/conversations/unread-count"),
        await business("GET", path),
        await business("GET", `${path}/messages`),
        await business("GET", `${path}/messages/search?q=a`),
        await business("GET", "/messages/search?q=a"),
        await business("GET", "/conversations/search?q=a"),
        await business("POST", "/conversations", { applicationId: "a" }),
        await send(business, "into the void"),
        await business("PATCH", `${path}/archive`),
        await business("PATCH", `/messages/${id}.2/read`),
        await platform("PUT", "/directory/users/x", {
          ...{ name: "x", email: "x@y.z", role: "worker", status: "active" }
        }),
        await world().anyone("GET", "/health/ready")
      ]
      for (const answer of answers) {
        assert.strictEqual(answer.status, 503, answer.outcome)
        assert.strictEqual(answer.headers.get("retry-after"), "1")
        assert.strictEqual(answer.problem().correlationId, answer.headers.get("x-correlation-id"))
        assert.notMatch(answer.text, /postgres|127\.0\.0\.1|SELECT|sql|error:|at .*\.ts/i, answer.text)
      }
      assert.deepInclude(answers.at(-1)?.json, { code: "not_ready", parts: { database: "does not answer" } })
      assert.strictEqual((await world().anyone("GET", "/health/live")).status, 200)
    } finally {
      await letIn()
    }
    const until = Date.now() + 10_000
    while ((await world().anyone("GET", "/health/ready")).status !== 200) assert.isBelow(Date.now(), until)
    const sent = (await send(business, "back again", randomUUID())).as(Sent)
    const headers = { "indelible-position": sent.token }
    let history = await business("GET", `${path}/messages`, undefined, { headers })
    while (history.status === 503 && Date.now() < until) {
      history = await business("GET", `${path}/messages`, undefined, { headers })
    }
    const { messages } = history.as(History)
    assert.lengthOf(messages, 1)
  })
})
