import { assert, describe, it } from "@effect/vitest"
import { contentKeyId } from "@indelible/application/keys/ContentKeyId"
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

/** Two stored events, one with content, and a vault that made the key of that content anew. */
const restored = Effect.gen(function* () {
  const stream = freshStream()
  const store = yield* EventStore
  yield* store.execute(note, stream, { owner, text: secret }, meta())
  const stored = yield* store.readStream(stream, 0, 10)
  const vault = yield* KeyVault
  const keyId = contentKeyId(owner, 0)
  yield* vault.keyFor(owner, 0)
  assert.deepStrictEqual(
    stored.map(({ header }) => header.keyId),
    [null, keyId]
  )
  return { stored, keyId, opener: yield* EventOpener }
}).pipe(Effect.provide(Layer.merge(writing, Layer.fresh(keys))))

describe("a content key that was made anew after the vault lost it", () => {
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
