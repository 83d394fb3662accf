import type { RecordedEvent } from "@indelible/application/store/EventStore"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { describeFoldError, isRefusedRow } from "./FoldError.ts"
import type { OpenedPage } from "./OpenPage.ts"
import type { Poison } from "./Parked.ts"
import type { Projection } from "./Projection.ts"
import type { TableRows } from "./Table.ts"

export const writeRows = (set: string, rows: ReadonlyArray<TableRows>) =>
  Effect.forEach(rows, ({ write }) => write(set), { discard: true })

/** Writes what it can and undoes the rest: null when all is written, or why the database refuses it. */
const attempt = Effect.fnUntraced(function* <R>(write: Effect.Effect<unknown, SqlError.SqlError, R>) {
  const sql = yield* SqlClient.SqlClient
  return yield* Effect.matchEffect(sql.withTransaction(write), {
    onSuccess: () => Effect.succeed(null),
    onFailure: (error) =>
      isRefusedRow(error) ? Effect.succeed(describeFoldError(error)) : Effect.fail(error)
  })
})

/**
 * Writes a page of which Postgres refused some row: stream by stream, and in the stream that it refuses event by event,
 * up to the first it does not take. Within a transaction; each try is a savepoint of it.
 *
 * @returns the events that were refused
 */
export const writeCarefully = Effect.fn("WritePage.writeCarefully")(function* <E extends DomainEvent>(
  set: string,
  { fold }: Projection<E>,
  { events }: OpenedPage<E>
) {
  const streams = new Map<string, Array<RecordedEvent<E>>>()
  for (const event of events) {
    const stream = streams.get(event.stored.streamId)
    if (stream === undefined) streams.set(event.stored.streamId, [event])
    else stream.push(event)
  }
  const poison: Array<Poison> = []
  for (const stream of streams.values()) {
    if ((yield* attempt(writeRows(set, fold(stream)))) === null) continue
    for (const event of stream) {
      const error = yield* attempt(writeRows(set, fold([event])))
      if (error === null) continue
      poison.push({ stored: event.stored, error })
      break
    }
  }
  return poison
})
