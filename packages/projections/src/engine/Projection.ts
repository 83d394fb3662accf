import type { RecordedEvent } from "@indelible/application/store/EventStore"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import type { EventCatalogue } from "@indelible/domain/event/EventCatalogue"
import type { Effect } from "effect"
import type { SqlClient, SqlError } from "effect/sql"

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
 * - the rows depend on the events alone, not on how they were cut into pages;
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
  /** `facts`: bodies are neither decrypted nor shown to the fold, which sees them as null. */
  readonly reads: "facts" | "bodies"
  /** Makes the empty tables. */
  readonly createTables: Write
  /**
   * Rows for a page, written in one statement a table: an event at a time would be ten times slower. Pure up to the
   * writing; events of one stream come in their order.
   */
  readonly fold: (events: ReadonlyArray<RecordedEvent<E>>) => Write
  /** Empties what came from bodies under this key, for when it is destroyed. */
  readonly purge: (keyId: string) => Write
}
