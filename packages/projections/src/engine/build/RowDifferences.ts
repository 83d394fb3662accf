import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { keyText, type Table } from "../Table.ts"
import type { RowDifference } from "./Build.ts"
import { unparked } from "./Digest.ts"

/** The rows of one table in one slice, by their keys as text; with a hash instead of what is in them. */
export const hashesOf = Effect.fn("RowDifferences.hashesOf")(function* (
  set: string,
  { key, name }: Table,
  slice: number,
  streamColumn: string,
  parked: ReadonlyArray<string>
) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ key: Readonly<Record<string, unknown>>; hash: string }>`
    SELECT jsonb_build_object(${sql.csv(key.map((part) => sql`${part}::text, ${sql(part)}`))}) AS key,
      md5(t::text) AS hash
    FROM ${sql(`${set}.${name}`)} AS t
    WHERE slice = ${slice} AND ${unparked(sql, streamColumn, parked)}`
  return new Map(rows.map((row) => [keyText(key, row.key), { key: row.key, hash: row.hash }]))
})

/** One row as JSON, or null. */
export const rowOf = Effect.fn("RowDifferences.rowOf")(function* (
  set: string,
  { columns, key, name }: Table,
  values: Readonly<Record<string, unknown>>
) {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ row: Readonly<Record<string, unknown>> }>`
    SELECT to_jsonb(t) AS row
    FROM ${sql(`${set}.${name}`)} AS t
    WHERE ${sql.and(
      // In the key's own types: by the index.
      key.map((part) => {
        const type = columns[part]?.type ?? "text"
        return sql`${sql(part)} = ${String(values[part])}::text::${sql.literal(type)}`
      })
    )}`
  return row?.row ?? null
})

type Row = Readonly<Record<string, unknown>> | null

/** Engineers do not see what people wrote, and nothing of it is kept with the result. */
const shown = ({ columns }: Table, field: string, value: unknown): unknown => {
  const known = columns[field]
  // What Postgres makes of content, such as a search vector, is content as well.
  const isContent = known === undefined || known.content === true
  if (!isContent || value === null || value === undefined) return value ?? null
  return `${[...(typeof value === "string" ? value : JSON.stringify(value))].length} characters`
}

/** The fields in which two rows differ. */
export const fieldsOf = (table: Table, live: Row, built: Row): RowDifference["fields"] =>
  [...new Set([...Object.keys(live ?? {}), ...Object.keys(built ?? {})])]
    .filter((field) => JSON.stringify(live?.[field]) !== JSON.stringify(built?.[field]))
    .map((field) => ({
      field,
      live: shown(table, field, live?.[field]),
      built: shown(table, field, built?.[field])
    }))
