import type { RecordedEvent } from "@indelible/application/store/EventStore"
import type { Projection } from "@indelible/projections/engine/Projection"
import { newest, rowsOf, type Table } from "@indelible/projections/engine/Table"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { type NotebookEvent, notebook } from "../../contract/Notebook.ts"

const eventTable: Table<{
  readonly notebook_id: string
  readonly pos: number
  readonly slice: number
  readonly slice_pos: number
  readonly type: string
}> = {
  name: "event",
  columns: {
    notebook_id: { type: "uuid" },
    pos: { type: "integer" },
    slice: { type: "smallint" },
    slice_pos: { type: "integer" },
    type: { type: "text" }
  },
  key: ["notebook_id", "pos"]
}

const standingTable: Table<{ readonly notebook_id: string; readonly slice: number; readonly pos: number }> = {
  name: "notebook",
  columns: { notebook_id: { type: "uuid" }, slice: { type: "smallint" }, pos: { type: "integer" } },
  key: ["notebook_id"],
  replace: newest("pos")
}

const idOf = ({ stored }: RecordedEvent<NotebookEvent>) => stored.streamId.slice(notebook.category.length + 1)

/** One row an event, so that one that is skipped or folded twice shows, and where each notebook stands. */
export const notebookProjection: Projection<NotebookEvent> = {
  name: "notes",
  version: 1,
  category: notebook.category,
  catalogue: notebook.events,
  stream: "notebook_id",
  tables: [eventTable, standingTable],
  createTables: Effect.fnUntraced(function* (set) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE SCHEMA ${sql(set)}`
    yield* sql`
      CREATE TABLE ${sql(`${set}.event`)} (
        notebook_id uuid, pos integer, slice smallint, slice_pos integer, type text, PRIMARY KEY (notebook_id, pos)
      )`
    yield* sql`
      CREATE TABLE ${sql(`${set}.notebook`)} (notebook_id uuid PRIMARY KEY, slice smallint, pos integer)`
  }),
  createIndexes: () => Effect.void,
  needs: "all",
  content: () => [],
  fold: (page) => [
    rowsOf(
      eventTable,
      page.map((record) => ({
        notebook_id: idOf(record),
        pos: record.stored.header.streamPos,
        slice: record.stored.slice,
        slice_pos: record.stored.slicePos,
        type: record.event.type
      }))
    ),
    rowsOf(standingTable, [
      ...new Map(
        page.map((record) => [
          idOf(record),
          { notebook_id: idOf(record), slice: record.stored.slice, pos: record.stored.header.streamPos }
        ])
      ).values()
    ])
  ],
  purge: () => () => Effect.void
}
