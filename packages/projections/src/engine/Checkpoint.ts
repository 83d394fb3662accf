import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { column } from "./ColumnParameter.ts"
import { NoCheckpoint } from "./FoldError.ts"

/** Slices of the log: fixed for ever. */
export const sliceCount = 256

/** Somebody else owns these tables now, or the last commit was made after all: begin again from the checkpoint. */
export class Fenced extends Schema.TaggedError<Fenced>()("Fenced", { name: Schema.String }) {
  override get message() {
    return `the checkpoint of ${this.name} was moved or taken over by someone else`
  }
}

/** How far a set of tables reaches, and whose turn it is to write it. */
export interface Reached {
  readonly epoch: number
  /** Of the projection that the tables were made for. */
  readonly version: number
  /** By slice. */
  readonly positions: ReadonlyArray<number>
}

export interface Move {
  readonly slice: number
  readonly from: number
  readonly to: number
}

export const createTable = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`
    CREATE TABLE projection_checkpoint (
      projection text NOT NULL,
      slice smallint NOT NULL CHECK (slice BETWEEN 0 AND 255),
      -- Raised by every new owner, so that the one before it cannot write any more.
      epoch integer NOT NULL,
      -- Every event of the slice up to here is in the tables, and none after it.
      slice_pos bigint NOT NULL,
      -- Of the projection whose tables and fold these are.
      version integer NOT NULL,
      PRIMARY KEY (projection, slice)
    ) WITH (fillfactor = 50)` // Rows are rewritten with every page; room beside them keeps that off the index.
)

/**
 * The checkpoint of empty tables, made for this version of their projection.
 *
 * @param epoch to begin with: one that no earlier set of this name had, so that its writers stay fenced off
 */
export const create = Effect.fn("Checkpoint.create")(function* (name: string, version: number, epoch = 0) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    INSERT INTO projection_checkpoint (projection, slice, epoch, slice_pos, version)
    SELECT ${name}, slice, ${epoch}, 0, ${version}
    FROM generate_series(0, ${sliceCount - 1}) AS slice`
})

const raised = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  // By slice, as everyone who takes several: in another order two could wait for each other.
  return yield* sql<{ slice: number; epoch: number; slice_pos: bigint; version: number }>`
    WITH held AS (
      SELECT slice FROM projection_checkpoint WHERE projection = ${name} ORDER BY slice FOR UPDATE
    )
    UPDATE projection_checkpoint AS checkpoint
    SET epoch = epoch + 1
    FROM held
    WHERE checkpoint.projection = ${name} AND checkpoint.slice = held.slice
    RETURNING checkpoint.slice, epoch, slice_pos, version`
})

/** Fences off everyone who wrote this set before, waiting for a page that is just being written. */
export const raiseEpoch = Effect.fn("Checkpoint.raiseEpoch")(function* (name: string) {
  const found = yield* raised(name)
  // Who waited for a switch finds its rows under another name, and the new ones were not there when it began.
  const rows = found.length > 0 ? found : yield* raised(name)
  const [first] = rows
  if (first === undefined || rows.length !== sliceCount) {
    return yield* new NoCheckpoint({ name, rows: rows.length })
  }
  const positions = new Array<number>(sliceCount).fill(0)
  for (const row of rows) positions[row.slice] = Number(row.slice_pos)
  const reached: Reached = { epoch: first.epoch, version: first.version, positions }
  return reached
})

/** Keeps one slice's checkpoint where it is until the transaction ends, or learns that the turn is over. */
export const hold = Effect.fn("Checkpoint.hold")(function* (name: string, epoch: number, slice: number) {
  const sql = yield* SqlClient.SqlClient
  const held = yield* sql`
    SELECT FROM projection_checkpoint
    WHERE projection = ${name} AND slice = ${slice} AND epoch = ${epoch}
    FOR UPDATE`
  if (held.length === 0) return yield* new Fenced({ name })
})

/** Whether the turn is still one's own. */
export const confirm = Effect.fn("Checkpoint.confirm")(function* (name: string, epoch: number) {
  const sql = yield* SqlClient.SqlClient
  const mine = yield* sql`
    SELECT FROM projection_checkpoint WHERE projection = ${name} AND slice = 0 AND epoch = ${epoch}`
  if (mine.length === 0) return yield* new Fenced({ name })
})

/**
 * Moves the checkpoint, in the transaction that writes the rows and before it writes them: the row locks then keep the
 * next owner waiting until this page is whole, and an owner that was replaced learns it before it has done anything.
 */
export const advance = Effect.fn("Checkpoint.advance")(function* (
  name: string,
  epoch: number,
  moves: ReadonlyArray<Move>
) {
  const sql = yield* SqlClient.SqlClient
  const slices = column(moves.map(({ slice }) => slice))
  const moved = yield* sql`
    WITH held AS (
      SELECT slice
      FROM projection_checkpoint
      WHERE projection = ${name} AND slice = ANY(${slices}::int[])
      ORDER BY slice
      FOR UPDATE
    )
    UPDATE projection_checkpoint AS checkpoint
    SET slice_pos = move.to_pos
    FROM held
    JOIN unnest(
      ${slices}::int[],
      ${column(moves.map(({ from }) => BigInt(from)))}::bigint[],
      ${column(moves.map(({ to }) => BigInt(to)))}::bigint[]
    ) AS move (slice, from_pos, to_pos) USING (slice)
    WHERE checkpoint.projection = ${name}
      AND checkpoint.slice = move.slice
      AND checkpoint.epoch = ${epoch}
      AND checkpoint.slice_pos = move.from_pos
    RETURNING checkpoint.slice`
  if (moved.length !== moves.length) return yield* new Fenced({ name })
})

/** How far the tables reach in some slices, as everyone can see it. */
export const read = Effect.fn("Checkpoint.read")(function* (name: string, slices: ReadonlyArray<number>) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ slice: number; slice_pos: bigint }>`
    SELECT slice, slice_pos
    FROM projection_checkpoint
    WHERE projection = ${name} AND slice = ANY(${column(slices)}::int[])`
  return new Map(rows.map((row) => [row.slice, Number(row.slice_pos)]))
})

/** Which version of its projection a set of tables was made for; null where there is no set. */
export const versionOf = Effect.fn("Checkpoint.versionOf")(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ version: number }>`
    SELECT version FROM projection_checkpoint WHERE projection = ${name} LIMIT 1`
  return row?.version ?? null
})
