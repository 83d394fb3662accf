import * as NodeServices from "@effect/platform-node/NodeServices"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import {
  ConfigProvider,
  Effect,
  Exit,
  Fiber,
  Layer,
  Option,
  Queue,
  Redacted,
  References,
  type Scope,
  Terminal
} from "effect"
import { TerminalCapabilities } from "effect/cli"
import { SqlClient } from "effect/sql"
import * as TestDatabase from "../../../../test/servers/TestDatabase.ts"
import * as Migrating from "../database/Migrating.ts"
import { indelible } from "./Cli.ts"
import * as Failure from "./Failure.ts"

/** A migrated database on which nothing runs, and the command line on a terminal whose screen and keys are ours. */
const atTerminal = Effect.gen(function* () {
  const url = yield* TestDatabase.make("embedded")
  const client = yield* Layer.build(
    Layer.provideMerge(Migrating.layer, PgClient.layer({ url, maxConnections: 2 }))
  )
  const written: Array<string> = []
  const keys = yield* Queue.unbounded<Terminal.UserInput>()
  const terminal = Terminal.make({
    columns: Effect.succeed(100),
    rows: Effect.succeed(24),
    size: Effect.die("not asked"),
    readInput: Effect.succeed(keys),
    readLine: Effect.die("not asked"),
    display: (text) => Effect.sync(() => void written.push(text))
  })
  const surroundings = Layer.mergeAll(
    NodeServices.layer,
    Layer.succeed(Terminal.Terminal, terminal),
    Layer.succeed(TerminalCapabilities.TerminalCapabilities, {
      canColor: true,
      canAnimate: true,
      canPrompt: true
    }),
    ConfigProvider.layer(ConfigProvider.fromUnknown({ DATABASE_URL: Redacted.value(url) }))
  )
  const screen = () => written.join("")
  return {
    screen,
    press: (key: string) =>
      Queue.offer(keys, {
        input: Option.some(key),
        key: { name: key, ctrl: false, meta: false, shift: false }
      }),
    sees: (text: string) =>
      Effect.repeat(Effect.sleep("20 millis"), { until: () => screen().includes(text) }).pipe(
        Effect.timeout("20 seconds")
      ),
    /** Its exit status, and what it said of a failure. */
    run: (...args: ReadonlyArray<string>) =>
      Effect.exit(Effect.provide(indelible(args), surroundings)).pipe(
        Effect.map((exit) =>
          Exit.isSuccess(exit)
            ? { status: 0, told: null }
            : { status: Failure.statusOf(exit.cause), told: Failure.tell(exit.cause) }
        )
      ),
    on: <A, E>(statement: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
      Effect.provideContext(Effect.flatMap(SqlClient.SqlClient, statement), client)
  }
})

type World = Effect.Success<typeof atTerminal>

const test = <E>(name: string, body: (world: World) => Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () =>
    Effect.flatMap(atTerminal, body).pipe(
      Effect.scoped,
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )

describe("at a terminal", () => {
  test("a rebuild is asked about, drawn in one line, and told when it has ended", (world) =>
    Effect.gen(function* () {
      const rebuilding = yield* Effect.forkChild(world.run("projections", "rebuild", "inbox"))
      yield* world.sees("replaces the tables of inbox by ones made anew. Go on?")
      yield* world.press("y")
      yield* world.sees("\r\u001B[2Krebuild inbox  waiting  ▕░░░░░░░░░░░░░░░░▏  0%")
      yield* world.sees("waiting for a node: none is running")
      const ranges = JSON.stringify([
        { from: 0, to: 127, events: 4, expected: 4 },
        { from: 128, to: 255, events: 2, expected: 4 }
      ])
      yield* world.on(
        (sql) => sql`
          UPDATE projection_build SET state = 'running', stage = 'folding', events = 6, expected = 8,
            ranges = ${ranges}::jsonb`
      )
      yield* world.sees("rebuild inbox  folding  ▕█▄▏  75%  6 of 8 events")
      yield* world.on((sql) => sql`UPDATE projection_build SET state = 'done', ended_at = now()`)
      assert.strictEqual((yield* Fiber.join(rebuilding)).status, 0)
      assert.include(world.screen(), "inbox is \u001B[32mrebuilt\u001B[39m")
    }))

  test("C4 nothing is done for somebody who says no", (world) =>
    Effect.gen(function* () {
      const rebuilding = yield* Effect.forkChild(world.run("projections", "rebuild", "inbox"))
      yield* world.sees("Go on?")
      yield* world.press("n")
      assert.deepStrictEqual(yield* Fiber.join(rebuilding), { status: 2, told: "Nothing was done." })
      assert.deepStrictEqual(yield* world.on((sql) => sql`SELECT FROM projection_build`), [])
    }))

  test("C4 for a program nobody is asked", (world) =>
    Effect.gen(function* () {
      const { status, told } = yield* world.run("projections", "cancel", "inbox", "--json")
      assert.strictEqual(status, 2)
      assert.include(told, "Add --yes")
    }))

  test("C3 whoever interrupts finds the build paused", (world) =>
    Effect.gen(function* () {
      const rebuilding = yield* Effect.forkChild(world.run("projections", "rebuild", "inbox", "--yes"))
      yield* world.sees("waiting")
      yield* Fiber.interrupt(rebuilding)
      assert.include(world.screen(), "indelible projections resume inbox")
      const rows = yield* world.on((sql) => sql`SELECT state FROM projection_build`)
      assert.deepStrictEqual(rows, [{ state: "paused" }])
      yield* world.run("projections", "throttle", "inbox", "none")
      yield* world.run("projections", "resume", "inbox")
      yield* world.run("projections", "pause", "inbox")
      yield* world.run("projections", "cancel", "inbox", "--yes", "--as", "grace")
      yield* world.run("projections", "status", "inbox")
      assert.match(world.screen(), /asked for {2}cancel, by grace at [-0-9: ]+ UTC\n {13}pause, by /)
      for (const part of ["goes as fast as it can", "goes on.", "is paused.", "is being cancelled"]) {
        assert.include(world.screen(), part)
      }
    }))

  test("lists and details are told in words", (world) =>
    Effect.gen(function* () {
      yield* world.on(
        (sql) => sql`
          INSERT INTO projection_parked (
            projection, stream_id, slice, stream_pos, type, schema_version, error, attempts, parked_at, tried_at,
            program
          ) VALUES ('inbox', 'conversation-1', 7, 3, 'TextSent', 9, 'it is unknown', 2, now(), now(), 'a test')`
      )
      yield* world.on((sql) => sql`UPDATE projection_checkpoint SET version = 0 WHERE projection = 'unread'`)
      yield* world.on(
        (sql) => sql`
          INSERT INTO projection_halt (projection, epoch, node, error, since)
          SELECT projection, epoch, 'node-1', 'SqlError SqlSyntaxError 42703', '2026-11-01T09:00:00Z'
          FROM projection_checkpoint WHERE projection = 'search' AND slice = 0`
      )
      for (const args of [
        ["list"],
        ["status"],
        ["status", "inbox"],
        ["status", "search"],
        ["parked", "inbox"],
        ["parked", "unread"]
      ]) {
        assert.deepStrictEqual(yield* world.run("projections", ...args), { status: 0, told: null })
      }
      yield* world.run("projections", "retry", "inbox", "conversation-1")
      yield* world.run("projections", "parked", "inbox")
      yield* world.run("events", "read", "--slice", "3")
      for (const part of [
        "NOBODY",
        "0, NEEDS A REBUILD for 1",
        "\u001B[31msearch is HALTED\u001B[39m since 2026-11-01 09:00:00 UTC, on node-1: SqlError SqlSyntaxError 42703\n",
        "  its tables do not follow the record. Broken tables: `indelible projections rebuild search`",
        "HALTED   since 2026-11-01 09:00:00 UTC, on node-1: SqlError SqlSyntaxError 42703\n",
        "1 stream; see `indelible projections parked inbox`",
        "TextSent v9",
        "No stream is parked in unread.",
        "1 stream will be tried again",
        "it is unknown (about to be tried again)",
        "There are no events after 0."
      ]) {
        assert.include(world.screen(), part)
      }
    }))

  test("C2 C6 refusals have their status and their words", (world) =>
    Effect.gen(function* () {
      const refused = yield* world.run("projections", "rollback", "inbox", "--yes")
      assert.strictEqual(refused.status, 2)
      assert.include(refused.told, "inbox cannot be rolled back")
      assert.strictEqual((yield* world.run("projections", "pause", "inbox")).status, 2)
      assert.strictEqual((yield* world.run("events", "read")).status, 2)
      yield* world.on((sql) => sql`INSERT INTO schema_migration (name) VALUES ('9999_later')`)
      assert.include((yield* world.run("projections", "list")).told, "9999_later")
    }))
})
