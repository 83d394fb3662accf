import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, References, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import * as TestFolder from "../../../../test/servers/TestFolder.ts"
import { start } from "./EmbeddedPostgres.ts"
import { find } from "./RunningPostgres.ts"

const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.provideService(body, References.MinimumLogLevel, "None"))

describe("the database of a running service", () => {
  test(
    "is found by the data folder while the service runs, and let into",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const directory = yield* Effect.scoped(
        Effect.gen(function* () {
          const postgres = yield* start({ dataDir })
          const found = yield* find(dataDir)
          assert.strictEqual(found.directory, postgres.directory)
          const sql = yield* PgClient.makeClient({ url: found.url }).pipe(Effect.provide(Reactivity.layer))
          assert.deepStrictEqual(yield* sql`SELECT current_database() AS name`, [{ name: "indelible" }])
          return found.directory
        })
      )
      const stopped = yield* Effect.flip(find(dataDir))
      assert.strictEqual(stopped._tag, "NoServiceRunning")
      for (const part of [dataDir, "npm start", "DATA_DIR", "DATABASE_URL"])
        assert.include(stopped.message, part)

      // What a server that was killed leaves behind is not touched: that is for the next start.
      const file = join(directory, "postmaster.pid")
      const leftBehind = `${process.pid}\n${directory}\n1700000000\n5432\n`
      yield* Effect.promise(() => writeFile(file, leftBehind))
      assert.strictEqual((yield* Effect.flip(find(dataDir)))._tag, "NoServiceRunning")
      assert.strictEqual(yield* Effect.promise(() => readFile(file, "utf8")), leftBehind)
    })
  )

  test(
    "is not there without a folder, which is not made, nor in one without a database",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const none = join(folder, "none")
      assert.strictEqual((yield* Effect.flip(find(none)))._tag, "NoServiceRunning")
      assert.isFalse(existsSync(none))
      yield* Effect.promise(() => mkdir(join(folder, "empty")))
      assert.strictEqual((yield* Effect.flip(find(join(folder, "empty"))))._tag, "NoServiceRunning")
    })
  )
})
