import { randomUUID } from "node:crypto"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BuildView } from "@indelible/api/operations/BuildView"
import { EventPageView } from "@indelible/api/operations/EventView"
import { ProjectionView } from "@indelible/api/operations/ProjectionView"
import * as RunningPostgres from "@indelible/infrastructure/embedded/RunningPostgres"
import { Effect, Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it, vi } from "vitest"
import { Started, Token } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import { madeByAnother, onDatabase } from "../../http/DatabaseOf.ts"
import * as CliProcess from "./CliProcess.ts"

const main = join(import.meta.dirname, "../../../packages/server/src/main.ts")
const secret = "a text that no engineer may read"

let dataDir: string
let service: ReturnType<typeof CliProcess.spawned>
let conversation: string

/** Everything is found by the data folder alone. */
const indelible = (...args: ReadonlyArray<string>) => CliProcess.run(args, { DATA_DIR: dataDir })

/** A business and a worker in their conversation, with what they say. */
const talk = async (origin: string, texts: ReadonlyArray<string>) => {
  const as = async (userId: string, role?: "service") => {
    const body = { userId, ...(role && { role }) }
    const { token } = (await ask(origin, "POST", "/development/sign-in", body)).as(Token)
    return (method: string, path: string, body?: unknown) =>
      ask(origin, method, path, body, { headers: { authorization: `Bearer ${token}` } })
  }
  const platform = await as("platform", "service")
  for (const role of ["business", "worker"]) {
    const user = { name: role, email: `${role}@example.com`, role, status: "active" }
    await platform("PUT", `/directory/users/${role}`, user)
  }
  const application = { business: "business", worker: "worker", status: "open" }
  await platform("PUT", "/directory/applications/a", application)
  const business = await as("business")
  const started = (await business("POST", "/conversations", { applicationId: "a" })).as(Started)
  const { id } = started.conversation
  for (const text of texts) {
    const message = { type: "TEXT", clientMessageId: randomUUID(), text }
    assert.strictEqual((await business("POST", `/conversations/${id}/messages`, message)).status, 201)
  }
  return id
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "indelible-operated-"))
  // As root the database runs under another account, which has to get there.
  await chmod(dataDir, 0o755)
  service = CliProcess.spawned([process.execPath, main], { PORT: "0", DATA_DIR: dataDir })
  await service.written("Indelible is ready.")
  const origin = /interface\s+(http:\S+)\/docs/.exec(service.said.stdout)?.[1] ?? ""
  conversation = await talk(
    origin,
    Array.from({ length: 20 }, (_, i) => `${secret}, number ${i}`)
  )
})
afterAll(async () => {
  service.child.kill("SIGTERM")
  await service.ended
  CliProcess.killAll()
  await rm(dataDir, { recursive: true, force: true })
})

const Listing = Schema.fromJsonString(Schema.Struct({ projections: Schema.Array(ProjectionView) }))
const lastBuild = (stdout: string) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(BuildView))(stdout.trimEnd().split("\n").at(-1))

describe("beside a running service, found by its data folder", () => {
  it("projections have an owner and are up with the record", async () => {
    const { status, stdout } = await indelible("projections", "list", "--json")
    assert.strictEqual(status, 0)
    for (const { events, name, owner } of Schema.decodeUnknownSync(Listing)(stdout).projections) {
      assert.match(owner ?? "nobody", /^node-[0-9a-f]{8}$/, name)
      assert.strictEqual(events, 21, name)
    }
  })

  it("a rebuild is watched to its end, found equal, and rolled back", async () => {
    const rebuilt = await indelible("projections", "rebuild", "inbox", "--yes", "--as", "ada")
    assert.deepStrictEqual([rebuilt.status, rebuilt.stderr], [0, ""])
    assert.include(rebuilt.stdout, "inbox: equal. 2 rows compared, at 21 events.")
    const shown = await indelible("projections", "status", "inbox")
    assert.include(shown.stdout, "asked for by ada")
    const back = await indelible("projections", "rollback", "inbox", "--yes")
    assert.strictEqual(back.status, 0)
    assert.include(back.stdout, "inbox is rolled back")
  })

  it("a verification finds a value that somebody changed, and a rebuild heals it", async () => {
    const { url } = await Effect.runPromise(RunningPostgres.find(dataDir))
    await onDatabase(
      url,
      (sql) => sql`UPDATE inbox.conversation SET message_count = 99 WHERE side = 'worker'`
    )
    const found = await indelible("projections", "verify", "inbox")
    assert.strictEqual(found.status, 1)
    assert.include(found.stdout, "inbox: DIFFERENT")
    assert.include(found.stdout, "message_count: live 99, anew 20")
    assert.include(found.stdout, `last event: conversation-${conversation} position 21, TextSent`)
    const healed = await indelible("projections", "rebuild", "inbox", "--yes", "--json")
    assert.strictEqual(healed.status, 0)
    assert.isFalse(lastBuild(healed.stdout).comparison?.equal)
    const again = await indelible("projections", "verify", "inbox", "--json")
    assert.strictEqual(again.status, 0)
    assert.isTrue(lastBuild(again.stdout).comparison?.equal)
  })

  it("C3 an interrupted rebuild leaves the live view intact, and goes on when it is resumed", async () => {
    const watch = CliProcess.start(["projections", "rebuild", "history", "--yes", "--rate", "1"], {
      DATA_DIR: dataDir
    })
    await watch.written(/rebuild history: (folding|beginning)/)
    watch.child.kill("SIGINT")
    assert.strictEqual((await watch.ended).status, 130)
    const paused = await indelible("projections", "status", "history")
    assert.include(paused.stdout, "rebuild history: paused")
    assert.include(paused.stdout, "21 of 21")
    await indelible("projections", "throttle", "history", "none")
    await indelible("projections", "resume", "history")
    const done = await indelible("projections", "status", "history", "--watch")
    assert.strictEqual(done.status, 0)
    assert.match(done.stdout, /history is rebuilt|rebuild done/)
  })

  it("events are read without their content", async () => {
    const read = await indelible("events", "read", `conversation-${conversation}`, "--limit", "2")
    assert.strictEqual(read.status, 0)
    assert.match(read.stdout, /TextSent v1 {2}by [0-9a-f-]{36} {2}content of \d+ bytes under key \S+/)
    assert.include(read.stdout, "go on with --after 2")
    const all = await indelible("events", "read", `conversation-${conversation}`, "--json")
    const { events } = Schema.decodeUnknownSync(Schema.fromJsonString(EventPageView))(all.stdout)
    assert.lengthOf(events, 21)
    assert.notInclude(read.stdout + all.stdout, "no engineer")
    const none = await indelible("events", "read", "conversation-1")
    assert.deepStrictEqual([none.status, none.stdout], [0, "There are no events after 0.\n"])
  })

  it("nothing is parked, and that is told", async () => {
    assert.include(
      (await indelible("projections", "parked", "inbox")).stdout,
      "No stream is parked in inbox."
    )
    const retried = await indelible("projections", "retry", "inbox", "--yes", "--json")
    assert.strictEqual(retried.stdout, '{"asked":0}\n')
  })

  it("one that is halted stands out, with the reason and what to do", async () => {
    const { url } = await Effect.runPromise(RunningPostgres.find(dataDir))
    const halts = () => onDatabase(url, (sql) => sql`SELECT FROM projection_halt`)
    await madeByAnother(url, "unread", 100)
    await vi.waitFor(async () => assert.lengthOf(await halts(), 1), { timeout: 20_000, interval: 50 })
    const shown = await indelible("projections", "list")
    assert.match(
      shown.stdout,
      /^unread is HALTED since [-0-9: ]+ UTC, on node-[0-9a-f]{8}: its tables .* newer program/m
    )
    assert.include(shown.stdout, '"A projection is halted" in docs/operations.md')
    const { stdout } = await indelible("projections", "list", "--json")
    for (const { halted, name } of Schema.decodeUnknownSync(Listing)(stdout).projections) {
      if (name === "unread") assert.include(halted?.error, "start the newer one everywhere")
      else assert.isNull(halted)
    }
    await madeByAnother(url, "unread", -100)
    await vi.waitFor(async () => assert.lengthOf(await halts(), 0), { timeout: 20_000, interval: 50 })
    assert.notInclude((await indelible("projections", "status", "unread")).stdout, "HALTED")
  })

  it("once it is stopped there is nothing to work on", async () => {
    service.child.kill("SIGTERM")
    await service.ended
    const ended = await indelible("projections", "list")
    assert.strictEqual(ended.status, 3)
    assert.include(ended.stderr, "npm start")
  })
})
