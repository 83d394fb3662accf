import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { column } from "../ColumnParameter.ts"
import type { Table } from "../Table.ts"

/** Rows of one table in one slice, as two numbers that do not depend on their order. */
export interface SliceDigest {
  readonly table: string
  readonly slice: number
  readonly rows: number
  readonly digest: string
}

/** Leaves out the rows of streams that are parked. */
export const unparked = (sql: SqlClient.SqlClient, streamColumn: string, parked: ReadonlyArray<string>) =>
  parked.length === 0 ? sql`true` : sql`${sql(streamColumn)}::text <> ALL(${column(parked)}::text[])`

/**
 * Digests of a set of tables, by table and slice: the sums of two 64-bit hashes of every row's text, all of its columns
 * included. Equal for equal rows in whatever order; two sets that differ by accident agree with a chance of 2^-128. It
 * tells accidents, not forgeries: that is what the seal of the log is for.
 */
export const digestsOf = Effect.fn("Digest.digestsOf")(function* (
  set: string,
  tables: ReadonlyArray<Table>,
  streamColumn: string,
  parked: ReadonlyArray<string>
) {
  const sql = yield* SqlClient.SqlClient
  const digests = new Map<string, SliceDigest>()
  for (const { name } of tables) {
    const rows = yield* sql<{ slice: number; rows: bigint; digest: string }>`
      SELECT slice, count(*) AS rows,
        sum(hashtextextended(t::text, 0)) || '/' || sum(hashtextextended(t::text, 1)) AS digest
      FROM ${sql(`${set}.${name}`)} AS t
      WHERE ${unparked(sql, streamColumn, parked)}
      GROUP BY slice`
    for (const { digest, rows: count, slice } of rows) {
      digests.set(`${name}/${slice}`, { table: name, slice, rows: Number(count), digest })
    }
  }
  return digests
})

/** Where two sets do not agree. */
export const differingSlices = (
  live: ReadonlyMap<string, SliceDigest>,
  built: ReadonlyMap<string, SliceDigest>
) =>
  [...new Set([...live.keys(), ...built.keys()])]
    .filter((key) => live.get(key)?.digest !== built.get(key)?.digest)
    .flatMap((key) => {
      const [one, other] = [live.get(key), built.get(key)]
      const known = one ?? other
      return known === undefined
        ? []
        : [{ table: known.table, slice: known.slice, liveRows: one?.rows ?? 0, builtRows: other?.rows ?? 0 }]
    })
    .sort((a, b) => a.slice - b.slice || (a.table < b.table ? -1 : 1))
