import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import * as TestFolder from "../../../../test/servers/TestFolder.ts"
import * as LocalMasterKey from "./LocalMasterKey.ts"
import { MasterKey } from "./MasterKey.ts"

const start = (folder: string) =>
  MasterKey.pipe(
    Effect.provide(LocalMasterKey.layer(folder), { local: true }),
    Effect.provide(SecureRandom.layerWebCrypto)
  )

const refusal = (folder: string) => Effect.flip(start(folder))
const file = (folder: string) => join(folder, "master-key")

describe("LocalMasterKey", () => {
  it.live("makes a file that only its owner can read, and finds it again", () =>
    Effect.gen(function* () {
      const folder = join(yield* TestFolder.make, "new", "data")
      const first = yield* start(folder)
      const { mode } = yield* Effect.promise(() => stat(file(folder)))
      assert.strictEqual(mode & 0o777, 0o600)
      assert.strictEqual((yield* start(folder)).keyId, first.keyId)
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(folder)), ["master-key"])
    })
  )

  it.live("gives one key to all that start at the same instant", () =>
    Effect.gen(function* () {
      for (let round = 0; round < 20; round++) {
        const folder = yield* TestFolder.make
        const keys = yield* Effect.all(
          Array.from({ length: 8 }, () => start(folder)),
          { concurrency: 8 }
        )
        assert.strictEqual(new Set(keys.map(({ keyId }) => keyId)).size, 1)
      }
    })
  )

  it.live("refuses a file that others can read", () =>
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      yield* start(folder)
      yield* Effect.promise(() => chmod(file(folder), 0o640))
      const error = yield* refusal(folder)
      assert.include(error.message, file(folder))
      assert.include(error.message, "chmod 600")
    })
  )

  it.live("refuses a damaged file and leaves it as it is", () =>
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      yield* start(folder)
      const half = (yield* Effect.promise(() => readFile(file(folder), "utf8"))).slice(0, 32)
      yield* Effect.promise(() => writeFile(file(folder), half))
      assert.include((yield* refusal(folder)).message, "restore it from a backup")
      assert.strictEqual(yield* Effect.promise(() => readFile(file(folder), "utf8")), half)
    })
  )

  it.live("refuses what cannot be read", () =>
    Effect.gen(function* () {
      const folder = yield* TestFolder.make
      yield* Effect.promise(() => mkdir(file(folder)))
      const error = yield* refusal(folder)
      assert.include(error.message, "cannot be read or made")
      assert.notStrictEqual(error.cause, undefined)
    })
  )
})
