import { chmod, cp, mkdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, References, type Scope } from "effect"
import * as TestFolder from "../../../../test/servers/TestFolder.ts"
import { find } from "./DataHome.ts"
import { PLACE_ID_FILE, readOrMake } from "./PlaceId.ts"

const test = <E>(name: string, body: Effect.Effect<void, E, Scope.Scope>) =>
  it.live(name, () => Effect.provideService(body, References.MinimumLogLevel, "None"))

/** A folder that only root may enter, and where data goes instead. */
const closed = Effect.gen(function* () {
  const folder = yield* TestFolder.make
  const parent = join(folder, "root")
  yield* Effect.promise(async () => {
    await mkdir(parent)
    await chmod(parent, 0o700)
  })
  const elsewhere = { data: join(folder, "var-lib"), programs: join(folder, "var-cache") }
  /** Finds the place and leaves a cluster in it, as a start does. */
  const begin = Effect.fnUntraced(function* (dataDir: string) {
    const home = yield* find(dataDir, elsewhere)
    yield* Effect.promise(() => mkdir(join(home.path, "postgres-18"), { recursive: true }))
    return home
  })
  return { parent, begin }
})

describe.runIf(process.getuid?.() === 0)("where root puts the data of a closed folder", () => {
  test(
    "the same folder finds it again",
    Effect.gen(function* () {
      const { begin, parent } = yield* closed
      const first = yield* begin(join(parent, "data"))
      assert.deepStrictEqual(first.majors, [])
      const second = yield* begin(join(parent, "data"))
      assert.strictEqual(second.path, first.path)
      assert.deepStrictEqual(second.majors, [18])
    })
  )

  test(
    "a folder that was removed, keys and all, begins anew at the same path",
    Effect.gen(function* () {
      const { begin, parent } = yield* closed
      const first = yield* begin(join(parent, "data"))
      yield* Effect.promise(() => rm(join(parent, "data"), { recursive: true }))
      const second = yield* begin(join(parent, "data"))
      assert.notStrictEqual(second.path, first.path)
      assert.deepStrictEqual(second.majors, [])
    })
  )

  test(
    "a copy of the folder shares nothing with it",
    Effect.gen(function* () {
      const { begin, parent } = yield* closed
      const first = yield* begin(join(parent, "data"))
      yield* Effect.promise(() => cp(join(parent, "data"), join(parent, "copy"), { recursive: true }))
      const second = yield* begin(join(parent, "copy"))
      assert.notStrictEqual(second.path, first.path)
      assert.deepStrictEqual(second.majors, [])
    })
  )
})

describe("a data folder's id", () => {
  test(
    "is one for all that make it at once, and stays",
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      const ids = yield* Effect.promise(() =>
        Promise.all(Array.from({ length: 20 }, () => readOrMake(folder)))
      )
      assert.strictEqual(new Set(ids).size, 1)
      const kept = yield* Effect.promise(() => readFile(join(folder, PLACE_ID_FILE), "utf8"))
      assert.strictEqual(kept, `${ids[0]}\n`)
      assert.strictEqual(yield* Effect.promise(() => readOrMake(folder)), ids[0])
    })
  )
})
