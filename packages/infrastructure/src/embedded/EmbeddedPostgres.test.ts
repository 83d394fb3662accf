import { spawn } from "node:child_process"
import { chown, mkdir, readFile, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, Redacted, References, Result, Schedule, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import * as ServiceProcess from "../../../../test/servers/ServiceProcess.ts"
import * as TestFolder from "../../../../test/servers/TestFolder.ts"
import { start } from "./EmbeddedPostgres.ts"
import { isPostmaster } from "./PostmasterFile.ts"
import { choose } from "./ServiceAccount.ts"

const sqlOn = (url: Redacted.Redacted) => PgClient.makeClient({ url }).pipe(Effect.provide(Reactivity.layer))

const write = Effect.fn(function* (url: Redacted.Redacted, text: string) {
  const sql = yield* sqlOn(url)
  yield* sql`CREATE TABLE IF NOT EXISTS note (text text)`
  yield* sql`INSERT INTO note ${sql.insert({ text })}`
}, Effect.scoped)

const read = Effect.fn(function* (url: Redacted.Redacted) {
  const sql = yield* sqlOn(url)
  return (yield* sql`SELECT text FROM note`).map(({ text }) => text)
}, Effect.scoped)

const refusalOf = <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

/** On the real clock, and silent: servers that are killed complain. */
const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.provideService(body, References.MinimumLogLevel, "None"))

describe("EmbeddedPostgres", () => {
  test(
    "the second start finds what the first one wrote, is faster, and both say where the data is",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const said: Array<string> = []
      const listening = Logger.layer([Logger.make(({ message }) => said.push(String(message)))])
      const one = Effect.gen(function* () {
        const from = performance.now()
        const postgres = yield* start({ dataDir }).pipe(
          Effect.provide(listening),
          Effect.provideService(References.MinimumLogLevel, "Info")
        )
        return { ...postgres, millis: performance.now() - from }
      })
      const first = yield* Effect.scoped(Effect.tap(one, ({ url }) => write(url, "kept")))
      const second = yield* one
      assert.deepStrictEqual(yield* read(second.url), ["kept"])
      assert.isBelow(second.millis, first.millis)
      assert.strictEqual(first.directory, second.directory)
      const places = said.filter((line) => line.includes(first.directory))
      assert.include(places[0], `Made a new database in ${first.directory}`)
      assert.include(places[1], `Opened the database in ${first.directory}`)
    })
  )

  test(
    "what is acknowledged is on disk, every letter is a letter, and nobody gets in without the password",
    Effect.gen(function* () {
      const { directory, port, url } = yield* start({ dataDir: yield* TestFolder.make })
      const sql = yield* sqlOn(url)
      yield* sql`CREATE EXTENSION pg_stat_statements`
      yield* sql`CREATE EXTENSION pg_trgm`
      const [row] = yield* sql`
        SELECT
          current_setting('fsync') AS fsync,
          current_setting('synchronous_commit') AS commit,
          current_setting('full_page_writes') AS pages,
          current_setting('max_connections') AS connections,
          current_setting('listen_addresses') AS addresses,
          current_setting('server_encoding') AS encoding,
          cardinality(show_trgm('жук')) AS trigrams,
          (SELECT count(*) > 0 FROM pg_stat_statements) AS counted`
      assert.deepStrictEqual(row, {
        fsync: "on",
        commit: "on",
        pages: "on",
        connections: "100",
        addresses: "127.0.0.1",
        encoding: "UTF8",
        trigrams: 4,
        counted: true
      })
      yield* sql`ALTER SYSTEM SET fsync = off`
      yield* sql`SELECT pg_reload_conf()`
      assert.deepStrictEqual(yield* sql`SHOW fsync`, [{ fsync: "on" }])

      const password = join(dirname(directory), "password")
      const { mode } = yield* Effect.promise(() => stat(password))
      assert.strictEqual(mode & 0o777, 0o600)
      const guess = Redacted.make(`postgresql://app:guess@127.0.0.1:${port}/indelible`)
      const refused = yield* Effect.flip(Effect.scoped(sqlOn(guess)))
      assert.strictEqual(refused.reason._tag, "AuthenticationError")
    })
  )

  test(
    "two data folders are two databases",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const [one, two] = yield* Effect.all(
        [start({ dataDir: join(folder, "one") }), start({ dataDir: join(folder, "two") })],
        { concurrency: 2 }
      )
      yield* write(one.url, "in one")
      yield* write(two.url, "in two")
      assert.deepStrictEqual(yield* read(one.url), ["in one"])
      assert.deepStrictEqual(yield* read(two.url), ["in two"])
    })
  )

  test(
    "a second service on the same folder is told who the first is, and does it no harm",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const first = yield* ServiceProcess.start({ dataDir })
      const message = yield* refusalOf(Effect.scoped(start({ dataDir })))
      assert.include(message, `in use by another running service: indelible pid ${first.pid} on `)
      assert.include(message, "DATABASE_URL")
      yield* write(Redacted.make(first.url), "still here")
      yield* first.terminate
      const next = yield* start({ dataDir })
      assert.deepStrictEqual(yield* read(next.url), ["still here"])
    })
  )

  test(
    "of two services that start at once on an empty folder, one runs and the other is refused",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const attempts = yield* Effect.all(
        [Effect.result(start({ dataDir })), Effect.result(start({ dataDir }))],
        {
          concurrency: 2
        }
      )
      const running = attempts.filter(Result.isSuccess)
      const refused = attempts.filter(Result.isFailure)
      assert.deepStrictEqual(
        refused.map(({ failure }) => failure.reason._tag),
        ["DataInUse"]
      )
      for (const { success } of running) yield* write(success.url, "one winner")
      assert.strictEqual(running.length, 1)
    })
  )

  test(
    "kill -9 of the service leaves a server behind; the next start takes its place with all it acknowledged",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const killed = yield* ServiceProcess.start({ dataDir })
      yield* write(Redacted.make(killed.url), "acknowledged")
      yield* killed.kill9
      const isThere = () => isPostmaster(killed.postmaster, killed.directory)
      assert.isTrue(yield* Effect.promise(isThere))
      const next = yield* start({ dataDir })
      assert.isFalse(yield* Effect.promise(isThere))
      assert.deepStrictEqual(yield* read(next.url), ["acknowledged"])
    })
  )

  test(
    "SIGTERM to the service stops the server, which leads a process group of its own",
    Effect.gen(function* () {
      const { directory, postmaster, terminate } = yield* ServiceProcess.start({
        dataDir: yield* TestFolder.make
      })
      // A signal to a group fails when nobody leads it: Ctrl-C reaches the service's group, and this is another one.
      assert.isTrue(process.kill(-postmaster, 0))
      yield* terminate
      assert.isFalse(yield* Effect.promise(() => isPostmaster(postmaster, directory)))
    })
  )

  test(
    "a server that dies under a living service is started again, on the same URL and data",
    Effect.gen(function* () {
      const { pid, url } = yield* start({ dataDir: yield* TestFolder.make })
      yield* write(url, "before")
      const before = yield* pid
      process.kill(before, "SIGKILL")
      yield* Effect.repeat(pid, { while: (now) => now === before, schedule: Schedule.spaced("10 millis") })
      assert.deepStrictEqual(yield* read(url), ["before"])
    })
  )

  test(
    "a pid file whose number another program got since stops nobody and harms nobody",
    Effect.gen(function* () {
      const dataDir = yield* TestFolder.make
      const { directory } = yield* Effect.scoped(start({ dataDir }))
      const account = yield* choose(undefined)
      const stranger = yield* Effect.acquireRelease(
        Effect.sync(() =>
          // Under the server's own account: Postgres itself looks at no others.
          spawn("sleep", ["60"], { stdio: "ignore", ...(account && { uid: account.uid, gid: account.gid }) })
        ),
        (child) => Effect.sync(() => child.kill("SIGKILL"))
      )
      const file = join(directory, "postmaster.pid")
      yield* Effect.promise(async () => {
        await writeFile(
          file,
          `${stranger.pid}\n${directory}\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready   \n`
        )
        if (account) await chown(file, account.uid, account.gid)
      })
      const next = yield* start({ dataDir })
      assert.notStrictEqual(yield* next.pid, stranger.pid)
      assert.strictEqual(stranger.exitCode, null)
      assert.strictEqual(stranger.signalCode, null)
    })
  )

  test(
    "data of another major version, or with another password, is refused and left alone",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const older = join(folder, "older")
      yield* Effect.promise(() => mkdir(join(older, "postgres-17/data"), { recursive: true }))
      assert.include(
        yield* refusalOf(Effect.scoped(start({ dataDir: older }))),
        "Postgres 17, and this is Postgres 18"
      )

      const dataDir = join(folder, "data")
      const { directory } = yield* Effect.scoped(start({ dataDir }))
      const password = join(dirname(directory), "password")
      const secret = yield* Effect.promise(() => readFile(password, "utf8"))
      yield* Effect.promise(() => writeFile(password, "wrong\n"))
      assert.include(
        yield* refusalOf(Effect.scoped(start({ dataDir }))),
        "the password file beside it is not the one it was made with"
      )
      yield* Effect.promise(() => writeFile(password, secret))
      yield* Effect.scoped(start({ dataDir }))
    })
  )
})
