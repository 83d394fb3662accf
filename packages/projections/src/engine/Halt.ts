import { Clock, Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"

export const createTable = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`
    CREATE TABLE projection_halt (
      projection text PRIMARY KEY,
      -- At which the tables stood still: of the turn that came to this or, where none could begin, as the checkpoint had it.
      -- Counts until the checkpoint has another one. Null: there was no checkpoint.
      epoch integer,
      node text NOT NULL,
      -- Names no content.
      error text NOT NULL,
      since timestamptz NOT NULL
    )`
)

/** The tables no longer follow the log, and somebody has to look. */
export interface Halt {
  /** Of the owner that cannot go on. */
  readonly node: string
  /** Why. Holds nothing of what people wrote and no parameters of statements. */
  readonly error: string
  /** When they stopped following, under whichever owner; later where somebody may have folded since then. */
  readonly since: Date
}

const decode = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ node: Schema.String, error: Schema.String, since: Schema.Date }))
)

/** What halts a projection now, whichever node owns it; null: nothing does. */
export const current = Effect.fn("Halt.current")(function* (projection: string) {
  const sql = yield* SqlClient.SqlClient
  // The next owner may be an older program, which removes nothing: what was told before its turn counts no more.
  const rows = yield* sql`
    SELECT halt.node, halt.error, halt.since
    FROM projection_halt AS halt
    LEFT JOIN projection_checkpoint AS checkpoint ON checkpoint.projection = halt.projection AND checkpoint.slice = 0
    WHERE halt.projection = ${projection} AND halt.epoch IS NOT DISTINCT FROM checkpoint.epoch`
  const [halt]: ReadonlyArray<Halt> = yield* Effect.orDie(decode(rows))
  return halt ?? null
})

const write = Effect.fnUntraced(function* (
  projection: string,
  epoch: number | null,
  { error, node }: Pick<Halt, "error" | "node">
) {
  const sql = yield* SqlClient.SqlClient
  const now = new Date(yield* Clock.currentTimeMillis)
  // A row of this epoch or of the one before was left by an owner that was halted as well, since whoever folds removes it:
  // its `since` stays. After an earlier one an older program may have folded, which does not know of the row.
  // And whoever was replaced without knowing it yet does not overwrite what the next owner says.
  yield* sql`
    INSERT INTO projection_halt AS kept (projection, epoch, node, error, since)
    VALUES (
      ${projection},
      coalesce(
        ${epoch}::int,
        (SELECT epoch FROM projection_checkpoint WHERE projection = ${projection} AND slice = 0)
      ),
      ${node}, ${error}, ${now}
    )
    ON CONFLICT (projection) DO UPDATE
    SET epoch = EXCLUDED.epoch, node = EXCLUDED.node, error = EXCLUDED.error,
      since = CASE
        WHEN kept.epoch IS NOT DISTINCT FROM EXCLUDED.epoch OR kept.epoch = EXCLUDED.epoch - 1 THEN kept.since
        ELSE EXCLUDED.since
      END
    WHERE coalesce(kept.epoch <= EXCLUDED.epoch, true)
      AND (kept.epoch, kept.node, kept.error) IS DISTINCT FROM (EXCLUDED.epoch, EXCLUDED.node, EXCLUDED.error)`
})

const remove = Effect.fnUntraced(function* (projection: string, epoch: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    DELETE FROM projection_halt WHERE projection = ${projection} AND coalesce(epoch <= ${epoch}, true)`
})

/** Tells everyone whether a projection is halted, for as long as one owner runs it; writes each change once. */
export const teller = (projection: string, node: string) => {
  // Undefined: not known, as when an owner before has left something, or when a connection was lost while telling.
  let told: { readonly epoch: number | null; readonly error: string } | null | undefined
  return {
    projection,
    /** @param epoch of the turn that came to this; null: none could begin */
    halted: Effect.fn("Halt.halted")(function* (epoch: number | null, error: string) {
      // Without a turn nobody tells this owner that the checkpoint has another epoch now, as after a try to begin one.
      if (epoch !== null && told?.error === error && told.epoch === epoch) return
      told = undefined
      yield* write(projection, epoch, { error, node })
      told = { epoch, error }
    }),
    /** Whether others may believe that it is halted. */
    mayBeToldHalted: () => told !== null,
    /** @param epoch of the turn in which it does */
    folding: Effect.fn("Halt.folding")(function* (epoch: number) {
      yield* remove(projection, epoch)
      told = null
    })
  }
}
export type Teller = ReturnType<typeof teller>
