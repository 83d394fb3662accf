import {
  contentKeyId,
  contentKeyNonceLength,
  contentKeyPeriod
} from "@indelible/application/keys/ContentKeyId"
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

  /** The id of the current key of a person and quarter. It never changes: destroyed, the key stays the current one. */
  const currentIdOf = Effect.fnUntraced(function* (period: string) {
    const read = sql<{ keyId: string }>`
      SELECT key_id AS "keyId"
      FROM vault.current_key
      WHERE subject_id = split_part(${period}, '/', 1) AND quarter = split_part(${period}, '/', 2)`
    const [existing] = yield* read
    if (existing !== undefined) return existing.keyId
    const keyId = contentKeyId(period, yield* random.randomBytes(contentKeyNonceLength))
    const wrapped = yield* master.wrap(yield* random.randomBytes(32), context(keyId))
    const now = new Date(yield* Clock.currentTimeMillis)
    // Nodes that make the first one at once: one of them gets the place, and only its key is stored.
    yield* sql`
      WITH first AS (
        INSERT INTO vault.current_key (key_id) VALUES (${keyId})
        ON CONFLICT (subject_id, quarter) DO NOTHING
        RETURNING key_id
      )
      INSERT INTO vault.content_key (key_id, wrapped, created_at)
      SELECT key_id, ${wrapped}::bytea, ${now}::timestamptz FROM first`
    const [winner] = yield* read
    return winner === undefined
      ? yield* Effect.die(new Error(`the current content key of ${period} lost its row`))
      : winner.keyId
  })

  const readOne = Effect.fnUntraced(function* (keyId: string) {
    const [row] = yield* rowsOf([keyId])
    return row === undefined
      ? yield* Effect.fail(new Error(`the vault has no row for content key ${keyId}`))
      : yield* unwrap(row)
  })

  const remembering = {
    capacity: options?.capacity ?? defaultCapacity,
    timeToLive: (exit: Exit.Exit<unknown, unknown>) => (Exit.isSuccess(exit) ? timeToLive : Duration.zero)
  }
  /** By person and quarter. */
  const currentIds = yield* Cache.makeWith(
    (period: string): Effect.Effect<string, KeyVaultUnavailable> => stored(currentIdOf(period)),
    remembering
  )
  /** By id. */
  const cache = yield* Cache.makeWith(
    (keyId: string): Effect.Effect<Entry, KeyVaultUnavailable> => stored(readOne(keyId)),
    remembering
  )

  const current = (period: string) =>
    Cache.get(currentIds, period).pipe(
      Effect.flatMap((keyId) => Cache.get(cache, keyId)),
      // A vault that was restored under this node may have another current key, or none.
      Effect.tapError(() => Cache.invalidate(currentIds, period)),
      Effect.flatMap(keyOf)
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
      yield* Effect.logError(
        "the vault has no row for these content keys, so their content reads as forgotten; was an old backup " +
          "restored? Rows of vault.content_key from a newer backup can be put in beside those that were made since",
        lost
      )
    return entries
  })

  return KeyVault.of({
    keyFor: (subject, at) => current(contentKeyPeriod(subject, at)),
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
        // A key that the vault does not have gets a row too, and the place of the current one if that is free: its
        // person and quarter then never get a key.
        yield* stored(sql`
          WITH destroyed AS (
            INSERT INTO vault.content_key (key_id, created_at, destroyed_at)
            VALUES (${keyId}, ${now}, ${now})
            ON CONFLICT (key_id) DO UPDATE
            SET wrapped = NULL, destroyed_at = COALESCE(content_key.destroyed_at, EXCLUDED.destroyed_at)
            RETURNING key_id
          )
          INSERT INTO vault.current_key (key_id) SELECT key_id FROM destroyed
          ON CONFLICT DO NOTHING`)
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
