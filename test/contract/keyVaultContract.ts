import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, type Layer } from "effect"

const subject = (last: number) =>
  SubjectId.make(`5b7c0000-0000-4000-8000-${last.toString().padStart(12, "0")}`)
const spring = Date.parse("2026-04-01T00:00:00.000Z")
const neverMade = (last: number) => `${subject(last)}/2026-Q2/00000000000000ff`

export const keyVaultContract = <E>(adapter: string, layer: Layer.Layer<KeyVault, E>) =>
  it.layer(layer)(`KeyVault on ${adapter}`, (it) => {
    it.effect("keeps one key a person and quarter, quarters in UTC", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const first = yield* vault.keyFor(subject(1), spring - 1)
        assert.match(first.keyId, new RegExp(`^${subject(1)}/2026-Q1/[0-9a-f]{16}$`))
        assert.strictEqual(first.bytes.length, 32)
        assert.deepStrictEqual(yield* vault.keyFor(subject(1), Date.parse("2026-01-01T00:00:00Z")), first)
        const next = yield* vault.keyFor(subject(1), spring)
        assert.match(next.keyId, new RegExp(`^${subject(1)}/2026-Q2/[0-9a-f]{16}$`))
        assert.notDeepEqual(next.bytes, first.bytes)
      })
    )

    it.effect("gives every person, and the system, keys of their own", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const keys = yield* Effect.forEach([subject(2), subject(3), "system" as const], (who) =>
          vault.keyFor(who, spring)
        )
        assert.match(keys[2]?.keyId ?? "", /^system\/2026-Q2\/[0-9a-f]{16}$/)
        assert.strictEqual(new Set(keys.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).size, 3)
      })
    )

    it.effect("gives one key to many that ask first at the same instant", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const asked = Array.from({ length: 20 }, () => vault.keyFor(subject(4), spring))
        const keys = yield* Effect.all(asked, { concurrency: "unbounded" })
        assert.strictEqual(new Set(keys.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).size, 1)
        assert.strictEqual(new Set(keys.map(({ keyId }) => keyId)).size, 1)
      })
    )

    it.effect("opens the keys that exist, each once, and no others", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const [one, two] = [yield* vault.keyFor(subject(5), spring), yield* vault.keyFor(subject(6), spring)]
        const opened = yield* vault.open([one.keyId, two.keyId, one.keyId, neverMade(7)])
        assert.deepStrictEqual(
          opened,
          new Map([
            [one.keyId, one],
            [two.keyId, two]
          ])
        )
        assert.strictEqual((yield* vault.open([])).size, 0)
      })
    )

    it.effect("6.5 destroys a key for good: it does not open and is never made again", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const gone = yield* vault.keyFor(subject(8), spring)
        const kept = yield* vault.keyFor(subject(8), spring - 1)
        yield* vault.destroy(gone.keyId)
        yield* vault.destroy(gone.keyId)
        const error = yield* Effect.flip(vault.keyFor(subject(8), spring + 1))
        assert(error._tag === "KeyDestroyed")
        assert.strictEqual(error.keyId, gone.keyId)
        assert.deepStrictEqual(yield* vault.open([gone.keyId, kept.keyId]), new Map([[kept.keyId, kept]]))
      })
    )

    it.effect("6.5 a key destroyed before it was made is never made", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        yield* vault.destroy(neverMade(9))
        const error = yield* Effect.flip(vault.keyFor(subject(9), spring))
        assert(error._tag === "KeyDestroyed")
        assert.strictEqual(error.keyId, neverMade(9))
        assert.strictEqual((yield* vault.open([neverMade(9)])).size, 0)
      })
    )

    it.effect("destroying another key of the quarter leaves the current one", () =>
      Effect.gen(function* () {
        const vault = yield* KeyVault
        const current = yield* vault.keyFor(subject(10), spring)
        yield* vault.destroy(neverMade(10))
        assert.deepStrictEqual(yield* vault.keyFor(subject(10), spring), current)
        const opened = yield* vault.open([neverMade(10), current.keyId])
        assert.deepStrictEqual(opened, new Map([[current.keyId, current]]))
      })
    )
  })
