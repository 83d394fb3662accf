import { assert, describe, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { Effect, Layer, Logger, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { freshStream, meta, note, notebook, owner } from "./Notebook.ts"

const secret = "nobody else's business"

const keys = EnvelopeOpener.layer.pipe(
  Layer.provideMerge(MemoryKeyVault.layer),
  Layer.provide(SecureRandom.layerWebCrypto)
)
const writing = MemoryEventStore.layer.pipe(Layer.provide([keys, SecureRandom.layerWebCrypto]))

/** A vault that has another key under every id it is asked for. */
const replacing = Layer.fresh(EnvelopeOpener.layer).pipe(
  Layer.provide(
    Layer.effect(
      KeyVault,
      Effect.map(KeyVault, (real) =>
        KeyVault.of({
          ...real,
          open: (keyIds) =>
            Effect.succeed(
              new Map(keyIds.map((keyId) => [keyId, { keyId, bytes: new Uint8Array(32).fill(9) }]))
            )
        })
      )
    )
  ),
  Layer.provide(MemoryKeyVault.layer),
  Layer.provide(SecureRandom.layerWebCrypto)
)

/** Two stored events, one with content, their key's id, and an opener whose vault has another key by that id. */
const restored = Effect.gen(function* () {
  const stream = freshStream()
  const store = yield* EventStore
  yield* store.execute(note, stream, { owner, text: secret }, meta())
  const stored = yield* store.readStream(stream, 0, 10)
  const keyId = stored[1]?.header.keyId
  assert.match(keyId ?? "", new RegExp(`^${owner}/1970-Q1/[0-9a-f]{16}$`))
  return { stored, keyId, opener: yield* EventOpener }
}).pipe(Effect.provide(Layer.merge(writing, replacing)))

describe("a content key that was replaced by another under its id", () => {
  it.effect("X7: leaves older content forgotten and not damaged, and is told of once", () => {
    const lines: Array<string> = []
    const log = Logger.make(({ logLevel, message }) => {
      lines.push(`${logLevel} ${String(message)}`)
    })
    return Effect.gen(function* () {
      const { keyId, opener, stored } = yield* restored
      const opened = yield* opener.open(notebook.events, [...stored, ...stored])
      yield* opener.open(notebook.events, stored)
      const facts = [{ owner }, { count: 1 }]
      assert.deepStrictEqual(
        opened.map((event) => Result.getOrThrow(event)).map((event) => [event.facts, event.body]),
        [...facts, ...facts].map((each) => [each, null])
      )
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], `Error content key ${keyId} is not the one`)
      assert.notInclude(lines[0], secret)
    }).pipe(Effect.provide(Logger.layer([log])))
  })

  it.effect("does not excuse a body that was changed", () =>
    Effect.gen(function* () {
      const { opener, stored } = yield* restored
      const changed = stored.map((event) => {
        const body = event.body === null ? null : Uint8Array.from(event.body)
        body?.set([(body[20] ?? 0) ^ 1], 20)
        return { ...event, body }
      })
      const opened = yield* opener.open(notebook.events, changed)
      const damaged = opened[1]
      assert(damaged !== undefined && Result.isFailure(damaged))
      assert.strictEqual(damaged.failure.reason, "malformed")
    })
  )
})
