import { contentKeyId } from "@indelible/application/keys/ContentKeyId"
import {
  type ContentKey,
  KeyDestroyed,
  KeyVault,
  KeyVaultUnavailable
} from "@indelible/application/keys/KeyVault"
import { Cache, Clock, Duration, Effect, Exit, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { MasterKey } from "../keys/MasterKey.ts"
import { outsideTransaction } from "./OutsideTransaction.ts"

/** Longest time another node goes on using a key after its destruction. */
const timeToLive = Duration.minutes(5)

/** Some 500 bytes each. */
const defaultCapacity = 10_000

interface Row {
  readonly keyId: string
  readonly wrapped: Uint8Array | null
}

/** A destruction is final, so it is worth remembering like a key. */
type Entry = ContentKey | KeyDestroyed

const keyOf = (entry: Entry): Effect.Effect<ContentKey, KeyDestroyed> =>
  entry instanceof KeyDestroyed ? Effect.fail(entry) : Effect.succeed(entry)

export const make = Effect.fn("PgKeyVault.make")(function* (options?: { readonly capacity?: number }) {
  const sql = yield* SqlClient.SqlClient
  const master = yield* MasterKey
  const random = yield* SecureRandom.SecureRandom

  const context = (keyId: string) => `content-key/${keyId}`

  /** A key handed out is stored for good already, whatever becomes of the caller's transaction. */
  const stored = <A, E>(effect: Effect.Effect<A, E>) =>
    effect.pipe(
      outsideTransaction(sql),
      Effect.mapError((cause) => new KeyVaultUnavailable({ cause }))
    )

  const rowsOf = (keyIds: ReadonlyArray<string>) => sql<Row>`
    SELECT key_id AS "keyId", wrapped
    FROM vault.content_key
    WHERE key_id = ANY(${keyIds}::text[])`

  const unwrap = Effect.fnUntraced(function* ({ keyId, wrapped }: Row) {
    if (wrapped === null) return new KeyDestroyed({ keyId })
    return { keyId, bytes: yield* master.unwrap(wrapped, context(keyId)) }
  })

  const loadOrMake = Effect.fnUntraced(function* (keyId: string) {
    const [existing] = yield* rowsOf([keyId])
    if (existing !== undefined) return yield* unwrap(existing)
    const bytes = yield* random.randomBytes(32)
    const wrapped = yield* master.wrap(bytes, context(keyId))
    const now = new Date(yield* Clock.currentTimeMillis)
    const inserted = yield* sql`
      INSERT INTO vault.content_key (key_id, wrapped, created_at)
      VALUES (${keyId}, ${wrapped}, ${now})
      ON CONFLICT (key_id) DO NOTHING
      RETURNING key_id`
    if (inserted.length > 0) return { keyId, bytes }
    const [winner] = yield* rowsOf([keyId])
    return winner === undefined
      ? yield* Effect.die(new Error(`content key ${keyId} lost its row`))
      : yield* unwrap(winner)
  })

  const cache = yield* Cache.makeWith(
    (keyId: string): Effect.Effect<Entry, KeyVaultUnavailable> => stored(loadOrMake(keyId)),
    {
      capacity: options?.capacity ?? defaultCapacity,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? timeToLive : Duration.zero)
    }
  )

  /** Grows with every destruction here, so that a key read before one is not put into the cache after it. */
  let destructions = 0

  const load = Effect.fnUntraced(function* (keyIds: ReadonlyArray<string>) {
    const before = destructions
    const rows = yield* rowsOf(keyIds)
    const entries = yield* Effect.forEach(rows, unwrap, { concurrency: 8 })
    if (before === destructions) {
      for (const entry of entries) yield* Cache.set(cache, entry.keyId, entry)
    }
    const found = new Set(rows.map(({ keyId }) => keyId))
    const lost = keyIds.filter((keyId) => !found.has(keyId))
    if (lost.length > 0)
      yield* Effect.logError("the vault has no row for these content keys; was an old backup restored?", lost)
    return entries
  })

  return KeyVault.of({
    keyFor: (subject, at) => Effect.flatMap(Cache.get(cache, contentKeyId(subject, at)), keyOf),
    open: Effect.fnUntraced(function* (keyIds) {
      const entries: Array<Entry> = []
      const unknown: Array<string> = []
      for (const keyId of new Set(keyIds)) {
        const cached = yield* Cache.getOption(cache, keyId)
        if (cached._tag === "Some") entries.push(cached.value)
        else unknown.push(keyId)
      }
      if (unknown.length > 0) entries.push(...(yield* stored(load(unknown))))
      return new Map(
        entries.flatMap((entry) => (entry instanceof KeyDestroyed ? [] : [[entry.keyId, entry] as const]))
      )
    }),
    destroy: Effect.fn("PgKeyVault.destroy")(
      function* (keyId) {
        const now = new Date(yield* Clock.currentTimeMillis)
        // A key that was never made gets a row too: a node that is just making it then finds it destroyed.
        yield* stored(sql`
        INSERT INTO vault.content_key (key_id, created_at, destroyed_at)
        VALUES (${keyId}, ${now}, ${now})
        ON CONFLICT (key_id) DO UPDATE
        SET wrapped = NULL, destroyed_at = COALESCE(content_key.destroyed_at, EXCLUDED.destroyed_at)`)
      },
      (effect, keyId) =>
        // Whatever the outcome: after a lost connection the row may be destroyed all the same.
        Effect.ensuring(
          effect,
          Effect.suspend(() => {
            destructions += 1
            return Cache.invalidate(cache, keyId)
          })
        )
    )
  })
})

export const layer = Layer.effect(KeyVault, make())
