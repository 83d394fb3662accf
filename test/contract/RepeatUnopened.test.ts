import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { KeyVault, KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore } from "@indelible/application/store/EventStore"
import { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { Effect, Layer, Logger, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { freshStream, meta, note, owner } from "./Notebook.ts"

type Fault = "none" | "keys away" | "body changed" | "newer program"

/** A store whose saved events can be put out of reach, and what it logs. */
const makeWorld = () => {
  const world: { fault: Fault; readonly lines: Array<string> } = { fault: "none", lines: [] }
  const vault = Layer.effect(
    KeyVault,
    Effect.map(KeyVault, (real) =>
      KeyVault.of({
        ...real,
        open: (keyIds) =>
          world.fault === "keys away"
            ? Effect.fail(new KeyVaultUnavailable({ cause: new Error("the vault is away") }))
            : real.open(keyIds)
      })
    )
  ).pipe(Layer.provide(MemoryKeyVault.layer))
  const opener = Layer.effect(
    EventOpener,
    Effect.map(EventOpener, (real) =>
      EventOpener.of({
        open: (catalogue, events) => {
          if (world.fault === "newer program") {
            return Effect.succeed(
              events.map(({ header: { type, schemaVersion } }) =>
                Result.fail(new UnreadableEvent({ type, schemaVersion, reason: "unknown" }))
              )
            )
          }
          const changed = events.map((event) => ({ ...event, body: event.body?.toReversed() ?? null }))
          return real.open(catalogue, world.fault === "body changed" ? changed : events)
        }
      })
    )
  ).pipe(Layer.provide(EnvelopeOpener.layer))
  const log = Logger.make(({ logLevel, message }) => {
    world.lines.push(`${logLevel} ${String(message)}`)
  })
  const layer = MemoryEventStore.layer.pipe(
    Layer.provide(opener),
    Layer.provide(vault),
    Layer.provide(SecureRandom.layerWebCrypto),
    Layer.merge(Logger.layer([log]))
  )
  return { world, layer }
}

describe("a repeat of a command that is saved and does not open", () => {
  it.effect.each([
    ["keys away", "Warn"],
    ["body changed", "Error"],
    ["newer program", "Error"]
  ] as const)("is never told that nothing was saved (%s)", ([fault, level]) => {
    const { layer, world } = makeWorld()
    return Effect.gen(function* () {
      const store = yield* EventStore
      const [stream, id] = [freshStream(), randomUUID()]
      const send = store.execute(note, stream, { owner, text: "a secret" }, meta(id))
      const first = yield* send
      world.fault = fault
      const error = yield* Effect.flip(send)
      assert.strictEqual(error._tag, "OutcomeUnknown")
      assert.strictEqual(world.lines.length, 1)
      assert.include(world.lines[0], `${level} the saved command at ${stream} 1 `)
      assert.notInclude(world.lines[0], "a secret")
      assert.strictEqual((yield* store.readStream(stream, 0, 10)).length, 2)

      // The same id settles it, as the error promises.
      world.fault = "none"
      const again = yield* send
      assert.deepStrictEqual([again.repeat, again.token], [true, first.token])
    }).pipe(Effect.provide(layer))
  })
})
