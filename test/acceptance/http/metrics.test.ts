import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { PgClient } from "@effect/sql-pg"
import { Deferred, Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { assert, describe, it } from "vitest"
import { type Family, parseExposition, type Sample } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { rawHttp } from "../../http/RawHttp.ts"

const world = HttpWorld.forThisFile()
const unmeasured = HttpWorld.forThisFile({ METRICS: "off" })
const backstage = HttpWorld.forThisFile({ ROLES: "projector" })

const names = ["inbox", "history", "unread"]

const scrape = async (node = world) => {
  const answer = await node().anyone("GET", "/metrics")
  assert.strictEqual(answer.status, 200)
  return parseExposition(answer.text)
}

type Families = ReadonlyMap<string, Family>

const sampleOf = (families: Families, name: string, labels: Readonly<Record<string, string>>) => {
  const samples = [...families.values()].flatMap((family): ReadonlyArray<Sample> => family.samples)
  return samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
  )
}

const valueOf = (families: Families, name: string, labels: Readonly<Record<string, string>> = {}) =>
  sampleOf(families, name, labels)?.value

/** Scrapes until something holds; what is collected from the database is up to a second old. */
const until = async (holds: (families: Families) => boolean, node = world) => {
  const end = Date.now() + 15_000
  let families = await scrape(node)
  while (!holds(families)) {
    assert.isBelow(Date.now(), end, JSON.stringify([...families.entries()]))
    await new Promise((resolve) => setTimeout(resolve, 100))
    families = await scrape(node)
  }
  return families
}

const onDatabase = <A, E>(use: (sql: PgClient.PgClient) => Effect.Effect<A, E>) =>
  Effect.flatMap(PgClient.makeClient({ url: world().database }), use).pipe(
    Effect.scoped,
    Effect.provide(Reactivity.layer),
    Effect.runPromise
  )

describe("GET /metrics", () => {
  it("answers in Prometheus's text format, to whoever asks", async () => {
    const { headers, text } = await world().anyone("GET", "/metrics")
    assert.strictEqual(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8")
    assert.strictEqual(headers.get("cache-control"), "no-store")
    const families = parseExposition(text)
    for (const [name, { type }] of families) {
      assert.strictEqual(type === "counter", name.endsWith("_total"), name)
    }
    assert.strictEqual(families.get("indelible_projection_lag_seconds")?.type, "gauge")
    assert.strictEqual(families.get("indelible_append_seconds")?.type, "histogram")
    assert.strictEqual(families.get("process_start_time_seconds")?.type, "gauge")
    assert.isBelow(Math.abs((valueOf(families, "process_start_time_seconds") ?? 0) - Date.now() / 1e3), 3_600)
    assert.isAbove(valueOf(families, "process_resident_memory_bytes") ?? 0, 10_000_000)
    assert.isAbove(valueOf(families, "process_cpu_seconds_total") ?? 0, 0)
    const usual = valueOf(families, "indelible_event_loop_delay_seconds") ?? -1
    assert.isAtLeast(usual, 0)
    assert.isAtLeast(valueOf(families, "indelible_event_loop_longest_delay_seconds") ?? -1, usual)
  })

  it("has what is documented, and documents what it has", async () => {
    const { business, path, say } = await world().talk()
    await say(business, "something to count")
    await business("GET", `${path}/messages`)
    await onDatabase(
      (sql) => sql`
        INSERT INTO projection_build (projection, kind, state, requested_by, requested_at, rate, events, keep_hours)
        VALUES ('inbox', 'verify', 'failed', 'a person', now(), 500, 7, 24)`
    )
    const families = await until((found) => found.has("indelible_projection_build"))
    const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8")
    const documented = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name)
    // The gateways' counters come with the first socket or call, others with a Redis.
    const elsewhere = documented.filter((name) =>
      /^indelible_(realtime|rpc|redis|live_bus|limit_fallbacks)_/.test(name)
    )
    assert.lengthOf(elsewhere, 15)
    assert.sameMembers([...new Set([...families.keys(), ...elsewhere])], documented)
    const labels = { projection: "inbox", kind: "verify", state: "failed" }
    assert.strictEqual(valueOf(families, "indelible_projection_build", labels), 1)
    assert.strictEqual(valueOf(families, "indelible_projection_build_events", { projection: "inbox" }), 7)
    assert.strictEqual(valueOf(families, "indelible_projection_build_rate", { projection: "inbox" }), 0)
  })

  it("takes GET and HEAD under this one spelling", async () => {
    const posted = await world().anyone("POST", "/metrics")
    assert.strictEqual(posted.outcome, "405 method_not_allowed")
    assert.strictEqual(posted.headers.get("allow"), "GET, HEAD, OPTIONS")
    const head = await world().anyone("HEAD", "/metrics")
    assert.deepStrictEqual([head.status, head.text], [200, ""])
    for (const target of [
      "//metrics",
      "/%6detrics",
      "/metrics/",
      "/METRICS",
      "/x/../metrics",
      "/metrics;x"
    ]) {
      const connection = await rawHttp(world().port)
      connection.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      assert.match(await connection.closed(), /^HTTP\/1\.1 404 /, target)
    }
    assert.strictEqual((await world().anyone("GET", "/metrics?a=b")).status, 200)
  })

  it("is answered by a node that people do not talk to", async () => {
    await until(
      (found) => valueOf(found, "indelible_projection_owned", { projection: "inbox" }) === 1,
      backstage
    )
  })

  it("does not exist with METRICS=off", async () => {
    assert.strictEqual((await unmeasured().anyone("GET", "/metrics")).outcome, "404 not_found")
    assert.strictEqual((await unmeasured().anyone("POST", "/metrics")).outcome, "404 not_found")
  })
})

describe("the figures of projections", () => {
  it("are there for each from the first answer, and tell that all is well", async () => {
    const families = await until((found) =>
      names.every((projection) => valueOf(found, "indelible_projection_owned", { projection }) === 1)
    )
    assert.strictEqual(valueOf(families, "indelible_projection_collect_up"), 1)
    for (const projection of names) {
      assert.strictEqual(valueOf(families, "indelible_projection_parked_streams", { projection }), 0)
      assert.strictEqual(valueOf(families, "indelible_projection_needs_rebuild", { projection }), 0)
      assert.isDefined(valueOf(families, "indelible_projection_processed_events_total", { projection }))
    }
  })

  it("tell how far one is behind while it is held up, and that it has caught up", async () => {
    const { business, readAfter, say } = await world().talk()
    const of = { projection: "inbox" }
    const lag = (families: Families, projection = "inbox") =>
      valueOf(families, "indelible_projection_lag_events", { projection }) ?? -1
    // What was started just now has to be in the tables first; the figures may be a second older than it.
    const { token } = await say(business, "before")
    await readAfter(business, token, "/conversations")
    const told = valueOf(await scrape(), "indelible_log_events_total") ?? 0
    await until(
      (families) => lag(families) === 0 && (valueOf(families, "indelible_log_events_total") ?? 0) >= told
    )
    const held = Deferred.makeUnsafe<void>()
    const letGo = Deferred.makeUnsafe<void>()
    const holding = onDatabase((sql) =>
      sql.withTransaction(
        Effect.gen(function* () {
          yield* sql`SELECT FROM projection_checkpoint WHERE projection = 'inbox' FOR UPDATE`
          yield* Deferred.succeed(held, undefined)
          yield* Deferred.await(letGo)
        })
      )
    )
    await Effect.runPromise(Deferred.await(held))
    try {
      for (const text of ["one", "two", "three"]) await say(business, text)
      // The others go on.
      const behind = await until((families) => lag(families) === 3 && lag(families, "history") === 0)
      const seconds = valueOf(behind, "indelible_projection_lag_seconds", of) ?? 0
      const processed = valueOf(behind, "indelible_projection_processed_events_total", of) ?? 0
      assert.isAbove(seconds, 0)
      assert.isAtLeast(valueOf(behind, "indelible_log_events_total") ?? 0, processed + 3)
      await until((found) => (valueOf(found, "indelible_projection_lag_seconds", of) ?? 0) > seconds)
    } finally {
      await Effect.runPromise(Deferred.succeed(letGo, undefined))
      await holding
    }
    const caughtUp = await until((families) => lag(families) === 0)
    assert.strictEqual(valueOf(caughtUp, "indelible_projection_lag_seconds", of), 0)
  })

  it("count parked streams, and tell tables of another version", async () => {
    const of = { projection: "unread" }
    await onDatabase((sql) =>
      Effect.andThen(
        sql`
          INSERT INTO projection_parked (
            projection, stream_id, slice, stream_pos, type, schema_version, error, attempts, parked_at, tried_at, program
          ) VALUES ('unread', 'conversation-none', 0, 1, 'Unknown', 1, 'unknown type', 1, now(), now(), 'none')`,
        sql`UPDATE projection_checkpoint SET version = version + 100 WHERE projection = 'unread'`
      )
    )
    await until(
      (found) =>
        valueOf(found, "indelible_projection_parked_streams", of) === 1 &&
        valueOf(found, "indelible_projection_needs_rebuild", of) === 1
    )
    await onDatabase((sql) =>
      Effect.andThen(
        sql`DELETE FROM projection_parked`,
        sql`UPDATE projection_checkpoint SET version = version - 100 WHERE projection = 'unread'`
      )
    )
    await until(
      (found) =>
        valueOf(found, "indelible_projection_parked_streams", of) === 0 &&
        valueOf(found, "indelible_projection_needs_rebuild", of) === 0
    )
  })
})

describe("what people wait for", () => {
  it("is counted by what became of it", async () => {
    const { business, id, path, readAfter, say, send } = await world().talk()
    const before = await scrape()
    const key = randomUUID()
    await send(business, "once", key)
    await send(business, "once", key)
    await send(business, "twice", key)
    const { token } = await say(business, "and read")
    // Nobody waits in vain, however slow this machine is.
    await until((found) =>
      names.every((projection) => valueOf(found, "indelible_projection_lag_events", { projection }) === 0)
    )
    await readAfter(business, token, `${path}/messages`)
    await readAfter(business, token, "/conversations")
    await readAfter(business, token, "/conversations/unread-count")
    await business("GET", `${path}/messages/search?q=once`)
    await business("GET", "/conversations/search?q=once")
    await business("PATCH", `${path}/archive`)
    await business("PATCH", `${path}/archive`)
    const after = await scrape()
    const more = (name: string, labels: Readonly<Record<string, string>>) =>
      (valueOf(after, name, labels) ?? 0) - (valueOf(before, name, labels) ?? 0)
    const appends = "indelible_append_seconds_count"
    // Two messages and the archiving.
    assert.strictEqual(more(appends, { outcome: "appended" }), 3)
    assert.strictEqual(more(appends, { outcome: "repeat" }), 1)
    assert.strictEqual(more(appends, { outcome: "key_reused" }), 1)
    assert.strictEqual(more(appends, { outcome: "unchanged" }), 1)
    for (const query of [
      "inbox_list",
      "history_page",
      "unread_total",
      "message_search",
      "conversation_search"
    ]) {
      assert.strictEqual(more("indelible_read_seconds_count", { query }), 1, query)
    }
    assert.strictEqual(more("indelible_freshness_wait_seconds_count", { outcome: "fresh" }), 3)
    const sends = { method: "POST", route: "/conversations/:id/messages" }
    assert.strictEqual(more("indelible_http_requests_total", { ...sends, status: "201" }), 2)
    assert.strictEqual(more("indelible_http_requests_total", { ...sends, status: "200" }), 1)
    assert.strictEqual(more("indelible_http_requests_total", { ...sends, status: "409" }), 1)
    assert.strictEqual(more("indelible_http_request_seconds_count", sends), 4)
    assert.notInclude(JSON.stringify([...after]), id)
  })

  it("is a histogram whose buckets add up", async () => {
    for (const { samples, type } of (await scrape()).values()) {
      if (type !== "histogram") continue
      let [last, bucket] = [0, ""]
      for (const { labels, name, value } of samples) {
        if (name.endsWith("_bucket")) {
          const { le, ...series } = labels
          if (bucket !== JSON.stringify(series)) [last, bucket] = [0, JSON.stringify(series)]
          assert.isAtLeast(value, last, le)
          last = value
        } else if (name.endsWith("_count")) assert.strictEqual(value, last)
      }
    }
  })

  it("has no label of a client's making", async () => {
    const { business, id, userIds } = await world().talk()
    const mark = `mark${randomUUID().slice(0, 8)}`
    const headers = { "x-correlation-id": mark, "user-agent": mark }
    await world().anyone("GET", `/${mark}`, undefined, { headers })
    await business("GET", `/conversations/${mark}?${mark}=1`, undefined, { headers })
    await business("PROPFIND", "/conversations", undefined, { headers })
    await business("DELETE", `/conversations/${id}`)
    const { text } = await world().anyone("GET", "/metrics")
    for (const told of [mark, id, "PROPFIND", userIds.business, userIds.worker, "a person"]) {
      assert.notInclude(text, told)
    }
    assert.notMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}/)
    assert.isAtLeast(
      valueOf(parseExposition(text), "indelible_http_requests_total", {
        method: "other",
        route: "unknown"
      }) ?? 0,
      1
    )
  })
})

describe("without the database", () => {
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

  it("F7 the rest is answered, and the figures of projections are absent instead of old", async () => {
    await beside((name) => [
      `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`
    ])
    try {
      const families = await until((found) => valueOf(found, "indelible_projection_collect_up") === 0)
      for (const name of families.keys()) {
        assert.isTrue(name === "indelible_projection_collect_up" || !name.includes("_projection_"), name)
      }
      assert.isFalse(families.has("indelible_log_events_total"))
      assert.isTrue(families.has("process_resident_memory_bytes"))
      assert.isTrue(families.has("indelible_append_seconds"))
    } finally {
      await beside((name) => [`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`])
    }
    await until((found) => valueOf(found, "indelible_projection_collect_up") === 1)
  })
})
