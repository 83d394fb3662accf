import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ProjectionView } from "@indelible/api/operations/ProjectionView"
import { Schema } from "effect"
import { afterAll, assert, beforeEach, describe, it } from "vitest"
import * as CliDatabase from "./CliDatabase.ts"
import * as CliProcess from "./CliProcess.ts"

const database = CliDatabase.forThisFile()
const indelible = (...args: ReadonlyArray<string>) => CliProcess.run(args, database().variables)

const folders: Array<string> = []
const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), "indelible-cli-"))
  folders.push(made)
  return made
}
afterAll(async () => {
  for (const each of folders) await rm(each, { recursive: true, force: true })
})

beforeEach(() => database().on((sql) => sql`DELETE FROM projection_build`))
const builds = () =>
  database().on(
    (sql) => sql<{ readonly kind: string; readonly state: string; readonly requested_by: string }>`
      SELECT kind, state, requested_by FROM projection_build ORDER BY id`
  )

const noStack = ({ stderr, stdout }: CliProcess.Ended) =>
  assert.notMatch(stdout + stderr, /\n\s+at .*:\d+:\d+/)

describe("C1 what is mistyped", () => {
  it.each([
    [["projections", "rebiuld", "inbox"], "rebuild"],
    [["projection", "list"], "projections"],
    [["projections", "list", "--jsn"], "indelible projections list --help"],
    [["projections", "rebuild", "inbox", "--yes", "--detatch"], "--detach"],
    [["projections", "rebuild"], "indelible projections rebuild --help"],
    [["projections", "rebuild", "inbox", "--rate", "fast", "--yes"], "--rate"],
    [["projections", "rebuild", "inbox", "--rate", "0", "--yes"], "an integer from 1"],
    [["projections", "rebuild", "inbox", "--keep-hours", "0", "--yes"], "an integer from 1 to 8760"],
    [["projections", "rebuild", "inbox", "--as", "a\nb", "--yes"], "--as"],
    [["projections", "throttle", "inbox", "-5"], "--help"],
    [["projections", "throttle", "inbox", "many"], 'an integer from 1, or "none"'],
    [["projections", "retry", "inbox", "'; DROP TABLE event"], "conversation-<uuid>"],
    [["events", "read"], "--slice"],
    [["events", "read", "conversation-1", "--slice", "1"], "not both"],
    [["events", "read", "--slice", "256"], "an integer from 0 to 255"]
  ])("%j is refused with a hint, and changes nothing", async (args, hint) => {
    const ended = await indelible(...args)
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, hint)
    assert.strictEqual(ended.stdout, "")
    noStack(ended)
    assert.deepStrictEqual(await builds(), [])
  })

  it("every command teaches itself", async () => {
    const { status, stdout } = await indelible("projections", "rebuild", "--help")
    assert.strictEqual(status, 0)
    for (const part of ["--yes", "--keep-hours", "EXAMPLES", "Ctrl-C"]) assert.include(stdout, part)
  })

  it("--json is one document in the form that HTTP has", async () => {
    const { status, stderr, stdout } = await indelible("projections", "list", "--json")
    assert.deepStrictEqual([status, stderr], [0, ""])
    const Listing = Schema.fromJsonString(Schema.Struct({ projections: Schema.Array(ProjectionView) }))
    const { projections } = Schema.decodeUnknownSync(Listing)(stdout)
    assert.deepStrictEqual(
      projections.map(({ name, owner }) => [name, owner]),
      [
        ["history", null],
        ["inbox", null],
        ["search", null],
        ["unread", null]
      ]
    )
    const before = await indelible("--json", "projections", "list")
    assert.strictEqual(before.status, 0)
    assert.isTrue(before.stdout.startsWith('{"projections":['))
  })

  it("a reader that goes away is no stack, and the status of a broken pipe", async () => {
    const { child, ended } = CliProcess.start(["projections", "list"], database().variables)
    child.stdout.destroy()
    const told = await ended
    assert.strictEqual(told.status, 141)
    assert.strictEqual(told.stderr, "")
  })

  it("no colour and no redrawing gets into a pipe, unless colour is asked for", async () => {
    assert.notInclude((await indelible("projections", "list")).stdout, "\u001B")
    const forced = { ...database().variables, FORCE_COLOR: "1" }
    assert.include((await CliProcess.run(["projections", "list"], forced)).stdout, "\u001B[2m")
    const none = await CliProcess.run(["projections", "list"], { ...forced, NO_COLOR: "1" })
    assert.notInclude(none.stdout, "\u001B")
  })
})

describe("C2 what there is not, or is already", () => {
  it("an unknown projection is refused with those that there are", async () => {
    const ended = await indelible("projections", "rebuild", "inbxo", "--yes")
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, '"inbox"')
  })

  it("a second build of one projection is refused", async () => {
    assert.strictEqual((await indelible("projections", "rebuild", "inbox", "--yes", "--detach")).status, 0)
    for (const second of [
      ["rebuild", "inbox", "--yes"],
      ["verify", "inbox"]
    ]) {
      const refused = await indelible("projections", ...second)
      assert.strictEqual(refused.status, 2)
      assert.include(refused.stderr, "a rebuild of inbox is waiting")
    }
    assert.lengthOf(await builds(), 1)
  })

  it("nothing to pause, resume, cancel, throttle, roll back to or retry is refused", async () => {
    for (const args of [
      ["pause", "inbox"],
      ["resume", "inbox"],
      ["cancel", "inbox", "--yes"],
      ["throttle", "inbox", "10"],
      ["rollback", "inbox", "--yes"],
      ["retry", "inbox", "conversation-1"]
    ]) {
      const ended = await indelible("projections", ...args)
      assert.strictEqual(ended.status, 2, args.join(" "))
      assert.include(ended.stderr, "inbox")
      noStack(ended)
    }
  })
})

describe("C4 what replaces or removes", () => {
  it.each([
    ["rebuild", "inbox"],
    ["rollback", "inbox"],
    ["cancel", "inbox"],
    ["retry", "inbox"]
  ])("%s %s is refused where nobody can be asked, and names --yes", async (...args) => {
    const ended = await indelible("projections", ...args)
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, "--yes")
    assert.deepStrictEqual(await builds(), [])
  })

  it("with --yes it is done, and on record under the name of whoever asked", async () => {
    const args = ["rebuild", "history", "--yes", "--detach", "--as", "Grace H."]
    const ended = await indelible("projections", ...args)
    assert.deepStrictEqual([ended.status, ended.stderr], [0, ""])
    assert.include(ended.stdout, "indelible projections status history --watch")
    assert.deepStrictEqual(await builds(), [{ kind: "rebuild", state: "waiting", requested_by: "Grace H." }])
    await indelible("projections", "cancel", "history", "--yes", "--as", "Ada L.")
    const trail = await database().on(
      (sql) => sql`
        SELECT what, requested_by FROM projection_operation WHERE projection = 'history' ORDER BY id DESC LIMIT 2`
    )
    assert.deepStrictEqual(trail, [
      { what: "cancel", requested_by: "Ada L." },
      { what: "rebuild", requested_by: "Grace H." }
    ])
  })
})

describe("C5 settings", () => {
  it("a malformed DATABASE_URL is refused without showing it", async () => {
    const ended = await CliProcess.run(["projections", "list"], { DATABASE_URL: "hunter2" })
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, "DATABASE_URL must be a URL")
    assert.notInclude(ended.stderr, "hunter2")
  })

  it("a database that does not answer is status 3, without its password", async () => {
    const url = "postgresql://user:hunter2@127.0.0.1:1/nothing"
    const ended = await CliProcess.run(["projections", "list"], { DATABASE_URL: url })
    assert.strictEqual(ended.status, 3)
    assert.include(ended.stderr, "127.0.0.1:1/nothing")
    assert.include(ended.stderr, "ECONNREFUSED")
    assert.notInclude(ended.stderr, "hunter2")
    noStack(ended)
  })

  it("without a service it says how to get one, and makes no folder", async () => {
    const DATA_DIR = join(await folder(), "none")
    const ended = await CliProcess.run(["projections", "list"], { DATA_DIR })
    assert.strictEqual(ended.status, 3)
    for (const part of ["npm start", "DATA_DIR", "DATABASE_URL", DATA_DIR]) assert.include(ended.stderr, part)
    assert.isFalse(existsSync(DATA_DIR))
  })
})

describe("C6 a database of another version", () => {
  it("newer than the program is refused with the next step", async () => {
    await database().on((sql) => sql`INSERT INTO schema_migration (name) VALUES ('9999_from_the_future')`)
    const ended = await indelible("projections", "list")
    await database().on((sql) => sql`DELETE FROM schema_migration WHERE name = '9999_from_the_future'`)
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, "9999_from_the_future")
    assert.include(ended.stderr, "Start the version that made them")
    noStack(ended)
  })

  it("older than the program is refused with the next step, and not migrated", async () => {
    const name = "0110_projection_build"
    await database().on((sql) => sql`UPDATE schema_migration SET name = 'gone' WHERE name = ${name}`)
    await database().on((sql) => sql`DELETE FROM schema_migration WHERE name = 'gone'`)
    const ended = await indelible("projections", "list")
    const applied = await database().on((sql) => sql`SELECT FROM schema_migration WHERE name = ${name}`)
    await database().on((sql) => sql`INSERT INTO schema_migration (name) VALUES (${name})`)
    assert.strictEqual(ended.status, 2)
    assert.include(ended.stderr, name)
    assert.include(ended.stderr, "npm start")
    assert.lengthOf(applied, 0)
  })
})

describe("the bin", () => {
  const bin = join(import.meta.dirname, "../../../packages/server/bin/indelible.js")
  const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.1.0'}})"

  it("on an older Node hands over to the one that the project pins, with its status", async () => {
    const run = (...args: ReadonlyArray<string>) =>
      CliProcess.spawned([process.execPath, "--import", older, bin, ...args], database().variables).ended
    assert.include((await run("--version")).stdout, "indelible v")
    assert.strictEqual((await run("projections", "nothing")).status, 2)
  })
})
