import { Effect } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { column } from "./ColumnParameter.ts"
import type { Write } from "./Projection.ts"

type Value = string | number | null

/** How the values of a column reach Postgres: bound as an array of the first type, cast to the rest. */
const casts = {
  uuid: "text[]::uuid[]",
  text: "text[]",
  smallint: "int[]",
  integer: "int[]",
  // ISO 8601 UTC.
  timestamptz: "text[]::timestamptz[]",
  // As `tsvector` is written: no function makes it of a text, so its words do not depend on Postgres's version or locale.
  tsvector: "text[]::tsvector[]"
} as const

export interface Column {
  readonly type: keyof typeof casts
  /** What a person wrote: never shown to engineers, and emptied when its key is destroyed. */
  readonly content?: true
}

/** A table of a projection, as the engine writes, compares and tells of it. Rows are named by their columns. */
export interface Table<Row extends Readonly<Record<string, Value>> = Readonly<Record<string, Value>>> {
  readonly name: string
  /** Those that are written; what Postgres computes from them is not among them. */
  readonly columns: { readonly [Name in keyof Row & string]: Column }
  /** The primary key. */
  readonly key: ReadonlyArray<keyof Row & string>
  /**
   * What becomes of a row that is there already, which is called `kept`: the assignments after `DO UPDATE SET`. Absent
   * where rows are written once.
   */
  readonly replace?: (sql: SqlClient.SqlClient) => Statement.Fragment
}

/** What a page says of one table. */
export interface TableRows {
  readonly table: string
  /** Of the rows that are written, as `keyText` writes them. */
  readonly keys: () => ReadonlyArray<string>
  readonly write: Write
}

/** A row's primary key as text, the same from a fold and from the database. */
export const keyText = (key: ReadonlyArray<string>, row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(key.map((name) => row[name]))

/** Rows of a page, written in one statement: a row at a time would be ten times slower. At most one row a key. */
export const rowsOf = <Row extends Readonly<Record<string, Value>>>(
  { columns, key, name, replace }: Table<Row>,
  rows: ReadonlyArray<Row>
): TableRows => ({
  table: name,
  keys: () => rows.map((row) => keyText(key, row)),
  write: Effect.fn("Table.write")(function* (schema) {
    if (rows.length === 0) return
    const sql = yield* SqlClient.SqlClient
    const names = Object.keys(columns)
    const values = names.map((column_) => {
      const cast = casts[columns[column_]?.type ?? "text"]
      return sql`${column(rows.map((row) => row[column_] ?? null))}::${sql.literal(cast)}`
    })
    const conflict =
      replace === undefined
        ? sql``
        : sql`ON CONFLICT (${sql.csv(key.map((part) => sql`${sql(part)}`))}) DO UPDATE SET ${replace(sql)}`
    yield* sql`
      INSERT INTO ${sql(`${schema}.${name}`)} AS kept (${sql.csv(names.map((column_) => sql`${sql(column_)}`))})
      SELECT *
      FROM unnest(${sql.csv(values)})
      ${conflict}`
  })
})

/** Takes these columns from the newer row. */
export const newest =
  (...names: ReadonlyArray<string>) =>
  (sql: SqlClient.SqlClient): Statement.Fragment =>
    sql`${sql.csv(names.map((name) => sql`${sql(name)} = EXCLUDED.${sql(name)}`))}`
