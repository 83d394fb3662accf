import { BuildView } from "@indelible/api/operations/BuildView"
import { Schema } from "effect"
import { assert, beforeEach, describe, it } from "vitest"
import * as CliDatabase from "./CliDatabase.ts"
import * as CliProcess from "./CliProcess.ts"

// No node runs here: what one would write of its work is written by the tests.

const database = CliDatabase.forThisFile()
const start = (...args: ReadonlyArray<string>) => CliProcess.start(args, database().variables)
const run = (...args: ReadonlyArray<string>) => start(...args).ended

beforeEach(() => database().on((sql) => sql`DELETE FROM projection_build`))

const ranges = JSON.stringify([{ from: 0, to: 255, events: 430, expected: 1_000 }])
const folding = () =>
  database().on(
    (sql) => sql`
      UPDATE projection_build
      SET state = 'running', stage = 'folding', node = 'node-1', begun_at = now(), events = 430, expected = 1000,
        rate = 100, ranges = ${ranges}::jsonb`
  )
const comparison = {
  ...{ equal: false, rows: 12, events: 1_000, parked: ["conversation-9"] },
  slices: [{ table: "conversation", slice: 7, liveRows: 2, builtRows: 2 }],
  differences: [
    {
      ...{ table: "conversation", slice: 7, key: { conversation_id: "c-1" }, kind: "differs" },
      fields: [{ field: "message_count", live: 3, built: 2 }],
      lastEvent: {
        ...{ streamId: "conversation-1", streamPos: 9, type: "TextSent" },
        recordedAt: "2026-11-01T09:00:00.000Z"
      }
    }
  ]
}
const end = (state: "done" | "failed" | "cancelled", found: unknown = null, message: string | null = null) =>
  database().on(
    (sql) => sql`
      UPDATE projection_build
      SET state = ${state}, ended_at = now(), comparison = ${found === null ? null : JSON.stringify(found)}::jsonb,
        message = ${message}, kept_until = '2026-12-01T00:00:00Z'`
  )
const state = async () => {
  const rows = await database().on(
    (sql) => sql<{ readonly state: string }>`SELECT state FROM projection_build`
  )
  return rows.map(({ state }) => state)
}

describe("a watched build", () => {
  it("is told in lines, no faster than one a second, and says when nobody works on it", async () => {
    const watch = start("projections", "rebuild", "inbox", "--yes")
    await watch.written("rebuild inbox: waiting")
    await watch.written("none is running projections")
    await folding()
    await watch.written("rebuild inbox: folding 43%, 430 of 1,000 events, 100/s, about 6 s left")
    await end("done", { ...comparison, equal: true, slices: [], differences: [] })
    const { status, stdout } = await watch.ended
    assert.strictEqual(status, 0)
    assert.match(stdout, /inbox is rebuilt in \d+ s, from 1,000 events\./)
    assert.include(stdout, "inbox: equal. 12 rows compared")
    assert.include(stdout, "indelible projections rollback inbox")
    assert.notInclude(stdout, "\r")
  })

  it("is told to programs by each change, and by how it ended", async () => {
    const watch = start("projections", "rebuild", "inbox", "--yes", "--json")
    await watch.written('"state":"waiting"')
    await folding()
    await watch.written('"stage":"folding"')
    await end("failed", null, "event TextSent version 9 is unknown")
    const { status, stdout } = await watch.ended
    assert.strictEqual(status, 1)
    const decode = Schema.decodeUnknownSync(Schema.fromJsonString(BuildView))
    const told = stdout
      .trimEnd()
      .split("\n")
      .map((line) => decode(line))
    assert.deepStrictEqual(
      told.map(({ message, stage, state }) => [state, stage, message]),
      [
        ["waiting", null, null],
        ["running", "folding", null],
        ["failed", "folding", "event TextSent version 9 is unknown"]
      ]
    )
  })

  it("that is a verification tells differences field by field, and is status 1", async () => {
    const watch = start("projections", "verify", "inbox")
    await watch.written("verify inbox: waiting")
    await end("done", comparison)
    const { status, stderr, stdout } = await watch.ended
    assert.deepStrictEqual([status, stderr], [1, ""])
    for (const part of [
      "inbox: DIFFERENT in 1 place. 12 rows compared, at 1,000 events.",
      "conversation conversation_id=c-1 (slice 7) differs",
      "message_count: live 3, anew 2",
      "last event: conversation-1 position 9, TextSent, 2026-11-01T09:00:00.000Z",
      "left out, as they are parked in one of the two: 1 stream",
      "conversation-9",
      "indelible projections rebuild inbox"
    ]) {
      assert.include(stdout, part)
    }
  })

  it("that somebody cancels is status 1", async () => {
    const watch = start("projections", "rebuild", "inbox", "--yes")
    await watch.written("waiting")
    assert.strictEqual((await run("projections", "cancel", "inbox", "--yes")).status, 0)
    assert.deepStrictEqual(await state(), ["cancelling"])
    await end("cancelled")
    const { status, stdout } = await watch.ended
    assert.strictEqual(status, 1)
    assert.include(stdout, "was cancelled. The live tables are as they were.")
  })

  it("goes on without a reader who goes away", async () => {
    const watch = start("projections", "rebuild", "inbox", "--yes")
    await watch.written("waiting")
    watch.child.stdout.destroy()
    await folding()
    const { status, stderr } = await watch.ended
    assert.deepStrictEqual([status, stderr], [141, ""])
    assert.deepStrictEqual(await state(), ["running"])
  })
})

describe("C3 Ctrl-C", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s in a watched rebuild pauses it and says how to go on",
    async (signal) => {
      const watch = start("projections", "rebuild", "inbox", "--yes", "--as", "ada")
      await watch.written("waiting")
      await folding()
      await watch.written("folding 43%")
      watch.child.kill(signal)
      const { status, stderr, stdout } = await watch.ended
      assert.deepStrictEqual([status, stderr], [130, ""])
      assert.include(stdout, "the rebuild of inbox is paused; the live tables are as they were")
      assert.include(stdout, "indelible projections resume inbox")
      assert.include(stdout, "indelible projections cancel inbox")
      assert.deepStrictEqual(await state(), ["paused"])
      const resumed = await run("projections", "resume", "inbox")
      assert.strictEqual(resumed.status, 0)
      assert.deepStrictEqual(await state(), ["waiting"])
    }
  )

  it("in a watch of what others started leaves it alone", async () => {
    await run("projections", "rebuild", "inbox", "--yes", "--detach")
    await folding()
    const watch = start("projections", "status", "inbox", "--watch")
    await watch.written("folding 43%")
    watch.child.kill("SIGINT")
    assert.strictEqual((await watch.ended).status, 130)
    assert.deepStrictEqual(await state(), ["running"])
  })

  it("reaches the command through the bin on an older Node", async () => {
    const bin = new URL("../../../packages/server/bin/indelible.js", import.meta.url).pathname
    const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.1.0'}})"
    const command = [process.execPath, "--import", older, bin, "projections", "rebuild", "inbox", "--yes"]
    const watch = CliProcess.spawned(command, database().variables)
    await watch.written("waiting")
    watch.child.kill("SIGTERM")
    const { status, stdout } = await watch.ended
    assert.strictEqual(status, 130)
    assert.include(stdout, "is paused")
    assert.deepStrictEqual(await state(), ["paused"])
  })

  it("a paused build says so to whoever watches it", async () => {
    await run("projections", "rebuild", "inbox", "--yes", "--detach")
    const paused = await run("projections", "pause", "inbox")
    assert.include(paused.stdout, "indelible projections resume inbox")
    const watch = start("projections", "status", "inbox", "--watch")
    await watch.written("paused; `indelible projections resume inbox` lets it go on")
    const slower = await run("projections", "throttle", "inbox", "500")
    assert.include(slower.stdout, "takes 500 events a second at most")
    await end("cancelled")
    assert.strictEqual((await watch.ended).status, 1)
  })
})
