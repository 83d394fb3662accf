import type { RecordedEvent } from "@indelible/application/store/EventStore"
import type { EventOutline, StoredEvent } from "@indelible/application/store/StoredEvent"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import type { EventCatalogue } from "@indelible/domain/event/EventCatalogue"
import type { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Table, TableRows } from "./Table.ts"

/**
 * What is done to one set of a projection's tables. The set is named by its Postgres schema: readers use the one called
 * as the projection; a rebuild fills another beside it with the same fold and takes its place by renaming.
 */
export type Write = (schema: string) => Effect.Effect<void, SqlError.SqlError, SqlClient.SqlClient>

/**
 * A read model built from the log alone. Laws, on which rebuild and verify stand:
 *
 * - every row belongs to one slice, that of its source stream, and carries it in the column `slice`;
 * - nothing is aggregated over streams, and rows hold no names, sequences, clock readings or generated ids;
 * - the rows depend on the events alone, not on how they were cut into pages (whether damage is met that nobody needs to
 *   look at does depend on it);
 * - folding an event whose key was destroyed gives the rows that folding it before, then purging, gives.
 */
export interface Projection<E extends DomainEvent> {
  /** Also the schema of the live tables and the name of their checkpoint. */
  readonly name: string
  /** Raised when tables or fold change, so that what an older program built is known to need a rebuild. */
  readonly version: number
  /** It reads the streams of this category and only moves its checkpoint past the others. */
  readonly category: string
  readonly catalogue: EventCatalogue<E>
  /** The column of every table that, after the category, is the id of the stream a row comes from. */
  readonly stream: string
  readonly tables: ReadonlyArray<Table>
  /** Makes the schema and its empty tables with their primary keys. */
  readonly createTables: Write
  /** Makes the other indexes, if they are not there: a rebuild does so when the tables are full, which is faster. */
  readonly createIndexes: Write
  /**
   * The events of a page that say all there is to say: folding them alone gives the rows that folding the whole page
   * gives. Where later events make up for earlier ones, a rebuild reads only a small part of the log.
   */
  readonly needs: "all" | ((page: ReadonlyArray<EventOutline>) => ReadonlyArray<EventOutline>)
  /**
   * The events of a page whose content the fold looks at. The others are folded with a null body: not decrypting them
   * is most of the speed of a rebuild, and damage to content that nobody looks at stops nobody.
   */
  readonly content: (page: ReadonlyArray<StoredEvent>) => ReadonlyArray<StoredEvent>
  /** Rows for a page, pure; events of one stream come in their order. */
  readonly fold: (events: ReadonlyArray<RecordedEvent<E>>) => ReadonlyArray<TableRows>
  /** Empties what came from bodies under this key, for when it is destroyed. */
  readonly purge: (keyId: string) => Write
}
