import { randomUUID } from "node:crypto"
import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { BuildView } from "@indelible/api/operations/BuildView"
import { EventPageView } from "@indelible/api/operations/EventView"
import { ParkedStreamView, ProjectionView } from "@indelible/api/operations/ProjectionView"
import { Schema } from "effect"
import { assert, beforeAll, describe, it, vi } from "vitest"
import { madeByAnother, onDatabase, parkedStream, pausedBuild } from "../../http/DatabaseOf.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { operationsRoutes } from "../../http/OperationsRoutes.ts"

const world = HttpWorld.forThisFile()

const Projections = Schema.Struct({ projections: Schema.Array(ProjectionView) })
const Parked = Schema.Struct({ parked: Schema.Array(ParkedStreamView) })

let engineer: HttpWorld.Asker
const at = "/operations/projections"

beforeAll(async () => {
  await world().put("grace", { role: "engineer", name: "Grace Hopper" })
  engineer = await world().as("grace")
})

const patience = { timeout: 20_000, interval: 50 }

const text = "a secret text that no engineer may read"

describe("who may operate", () => {
  it("the table names every route of operations", () => {
    const { endpoints } = IndelibleApi.groups.operations
    assert.sameMembers(
      Object.values(endpoints).map(({ method, path }) => `${method} ${path}`),
      operationsRoutes.map(({ method, path }) => `${method} ${path}`)
    )
  })

  it.each(operationsRoutes)("H2 R9 $method $path is for engineers alone", async ({ body, method, path }) => {
    const { business, worker } = await world().pair()
    await world().put("officer", { role: "compliance" })
    const to = path.replace(":name", "none")
    const outcome = async (by: HttpWorld.Asker) => (await by(method, to, body?.())).outcome
    assert.deepStrictEqual(
      {
        nobody: await outcome(world().anyone),
        business: await outcome(business),
        worker: await outcome(worker),
        compliance: await outcome(await world().as("officer")),
        service: await outcome(await world().as("platform", "service")),
        engineer: await outcome(engineer)
      },
      {
        nobody: "401 unauthenticated",
        business: "403 forbidden",
        worker: "403 forbidden",
        compliance: "403 forbidden",
        service: "403 forbidden",
        engineer: path.endsWith("/events")
          ? "400 invalid_request"
          : path.includes(":name")
            ? "404 unknown_projection"
            : "200"
      }
    )
  })

  it("H2 R9 refusals are logged with who and what", async () => {
    const { business } = await world().pair()
    await business("POST", `${at}/inbox/rebuild`)
    const line = world().logged.findLast((entry) => entry.includes("/operations/projections/:name/rebuild"))
    assert.include(line, '"problem":"forbidden"')
    assert.match(line ?? "", /"who":"[0-9a-f-]{36}"/)
  })
})

describe("projections", () => {
  it("all are listed with how they are doing", async () => {
    const { projections } = (await engineer("GET", at)).as(Projections)
    assert.deepStrictEqual(
      projections.map(({ name }) => name),
      ["history", "inbox", "search", "unread"]
    )
    for (const { builtFor, halted, name, version } of projections) {
      assert.deepStrictEqual([builtFor, halted], [version, null], name)
    }
  })

  it("one that is halted says why, where and since when, until that is mended", async () => {
    const halted = async () => (await engineer("GET", `${at}/search`)).as(ProjectionView).halted
    const before = Date.now()
    await madeByAnother(world().database, "search", 100)
    const found = await vi.waitFor(async () => {
      const told = await halted()
      assert.isNotNull(told)
      return told
    }, patience)
    assert.strictEqual(found.node, "test")
    assert.include(found.error, "by a newer program")
    assert.isTrue(Date.parse(found.since) >= before && Date.parse(found.since) <= Date.now())
    await madeByAnother(world().database, "search", -100)
    await vi.waitFor(async () => assert.isNull(await halted()), patience)
  })

  it("a rebuild is on record under the pseudonym of whoever asked", async () => {
    const asked = await engineer("POST", `${at}/inbox/rebuild`, { maxRate: 5_000, keepHours: 2 })
    assert.strictEqual(asked.status, 202)
    const build = asked.as(BuildView)
    assert.strictEqual(build.kind, "rebuild")
    assert.strictEqual(build.maxRate, 5_000)
    assert.match(build.requestedBy, /^[0-9a-f-]{36}$/)
    assert.notInclude(asked.text, "grace")
    const shown = (await engineer("GET", `${at}/inbox`)).as(ProjectionView)
    assert.strictEqual(shown.build?.id, build.id)
    assert.deepStrictEqual(
      shown.asked.map(({ by, what }) => [what, by]),
      [["rebuild", build.requestedBy]]
    )
  })

  it("a roll-back keeps the tables that it replaces for as long as is asked", async () => {
    const build = async () => (await engineer("GET", `${at}/inbox`)).as(ProjectionView).build
    await vi.waitFor(async () => assert.strictEqual((await build())?.state, "done"), patience)
    const asked = await engineer("POST", `${at}/inbox/rollback`, { keepHours: 3 })
    assert.strictEqual(asked.status, 202)
    assert.deepInclude(asked.as(BuildView), { kind: "rollback", keepHours: 3 })
    await vi.waitFor(async () => assert.strictEqual((await build())?.state, "done"), patience)
    const done = await build()
    const [ended, kept] = [done?.endedAt, done?.keptUntil].map((moment) => Date.parse(moment ?? ""))
    assert.strictEqual((kept ?? 0) - (ended ?? 0), 3 * 3_600_000)
  })

  it("C2 one is built at a time, and what is going on is changed by name", async () => {
    await pausedBuild(world().database, "history")
    for (const kind of ["rebuild", "verify"]) {
      const second = await engineer("POST", `${at}/history/${kind}`)
      assert.strictEqual(second.outcome, "409 build_in_progress")
      assert.include(second.problem().detail, "a rebuild of history is paused")
    }
    const slower = await engineer("POST", `${at}/history/throttle`, { maxRate: 10 })
    assert.strictEqual(slower.as(BuildView).maxRate, 10)
    assert.strictEqual((await engineer("POST", `${at}/history/pause`)).outcome, "409 nothing_to_change")
    const cancelled = await engineer("POST", `${at}/history/cancel`)
    assert.strictEqual(cancelled.status, 202)
    assert.strictEqual(cancelled.as(BuildView).state, "cancelling")
    assert.strictEqual((await engineer("POST", `${at}/history/resume`)).outcome, "409 nothing_to_change")
  })

  it("a paused one is resumed", async () => {
    await pausedBuild(world().database, "unread")
    const resumed = await engineer("POST", `${at}/unread/resume`)
    assert.strictEqual(resumed.as(BuildView).state, "waiting")
  })

  it("a roll-back without tables to go back to is refused", async () => {
    const url = world().database
    await onDatabase(url, (sql) => sql`DELETE FROM projection_checkpoint WHERE projection = 'history_before'`)
    const refused = await engineer("POST", `${at}/history/rollback`)
    assert.strictEqual(refused.outcome, "409 nothing_to_roll_back_to")
    assert.include(refused.problem().detail, "history cannot be rolled back")
  })

  it("parked streams are listed, and tried again by name or together", async () => {
    const stream = `conversation-${randomUUID()}`
    await parkedStream(world().database, "history", stream)
    const { parked } = (await engineer("GET", `${at}/history/parked`)).as(Parked)
    const found = parked.find(({ streamId }) => streamId === stream)
    assert.deepInclude(found, { slice: 7, streamPos: 3, type: "TextSent", error: "it is unknown" })
    const other = { streamId: `conversation-${randomUUID()}` }
    assert.strictEqual((await engineer("POST", `${at}/history/retry`, other)).outcome, "404 not_parked")
    for (const body of [{ streamId: stream }, undefined]) {
      const retried = await engineer("POST", `${at}/history/retry`, body)
      assert.strictEqual(retried.status, 202)
      assert.deepStrictEqual(retried.json, { asked: 1 })
    }
  })

  it.each([
    ["rebuild", { maxRate: 0 }],
    ["rebuild", { keepHours: 0 }],
    ["rebuild", { by: "somebody else" }],
    ["verify", { keepHours: 1 }],
    ["rollback", { keepHours: 0 }],
    ["rollback", { keepHours: 8_761 }],
    ["rollback", { maxRate: 1 }],
    ["pause", { now: true }],
    ["throttle", {}],
    ["throttle", { maxRate: 1.5 }],
    ["retry", { streamId: "'; DROP TABLE event" }]
  ])("H5 %s does not take %j", async (verb, body) => {
    assert.strictEqual((await engineer("POST", `${at}/inbox/${verb}`, body)).outcome, "400 invalid_request")
  })
})

describe("events", () => {
  it("are shown as recorded, without content", async () => {
    const { business, id, say, worker } = await world().talk()
    await say(business, text)
    await say(worker, text)
    await business("PATCH", `/conversations/${id}/archive`)
    const stream = `conversation-${id}`
    const answer = await engineer("GET", `/operations/events?stream=${stream}`)
    assert.notInclude(answer.text, "secret")
    const { events, next } = answer.as(EventPageView)
    assert.isNull(next)
    assert.deepStrictEqual(
      events.map(({ readAs, schemaVersion, streamPos, type, unreadable }) => [
        ...[streamPos, type, schemaVersion, readAs],
        unreadable
      ]),
      [
        [1, "ConversationStarted", 1, 1, null],
        [2, "TextSent", 1, 1, null],
        [3, "TextSent", 1, 1, null],
        [4, "ConversationArchived", 2, 2, null]
      ]
    )
    const [, sent, , archived] = events
    assert.isAbove(sent?.content?.bytes ?? 0, text.length)
    assert.isNull(archived?.content)
    assert.deepInclude(archived?.facts, { by: "business", cause: "request" })

    const page = async (query: string) =>
      (await engineer("GET", `/operations/events?${query}`)).as(EventPageView)
    const first = await page(`stream=${stream}&limit=3`)
    assert.strictEqual(first.next, 3)
    assert.deepStrictEqual((await page(`stream=${stream}&after=3&limit=3`)).events, events.slice(3))
    const { slice = 0, slicePos = 0 } = sent ?? {}
    const inSlice = await page(`slice=${slice}&after=${slicePos - 1}&limit=1`)
    assert.deepStrictEqual(inSlice.events, events.slice(1, 2))
    assert.deepStrictEqual(await page(`slice=${slice}&after=999999`), { events: [], next: null })
    assert.deepStrictEqual(await page(`stream=conversation-${randomUUID()}`), { events: [], next: null })
  })

  it.each([
    "",
    "?stream=conversation-1&slice=1",
    "?slice=256",
    "?slice=-1",
    "?stream=X",
    "?slice=1&limit=101"
  ])("H17 %j is refused", async (query) => {
    assert.strictEqual((await engineer("GET", `/operations/events${query}`)).outcome, "400 invalid_request")
  })
})
