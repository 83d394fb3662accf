import { outlineOf } from "@indelible/application/store/StoredEvent"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { describeFoldError, isRefusedRow } from "./FoldError.ts"
import { byStream, type OpenedPage, openEvents } from "./OpenPage.ts"
import { ofStream, type Page } from "./Page.ts"
import type { Poison } from "./Parked.ts"
import type { Projection } from "./Projection.ts"
import type { TableRows } from "./Table.ts"

const writeRows = (set: string, rows: ReadonlyArray<TableRows>) =>
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

/** Stream by stream, and in a stream that Postgres refuses event by event, up to the first it does not take. */
const writeCarefully = Effect.fn("WritePage.writeCarefully")(function* <E extends DomainEvent>(
  set: string,
  projection: Projection<E>,
  page: Page,
  { events, poison: before }: OpenedPage<E>
) {
  // One a stream, and the earliest: a refused event comes before the one at which its stream ended so far.
  const poison = new Map<string, Poison>(before.map((each) => [each.outline.streamId, each]))
  const end = (streamId: string) => poison.get(streamId)?.outline.streamPos ?? Number.POSITIVE_INFINITY
  for (const [streamId, stream] of byStream(events)) {
    if ((yield* attempt(writeRows(set, projection.fold(stream)))) === null) continue
    const left = ofStream(page, streamId).filter(({ streamPos }) => streamPos < end(streamId))
    const whole = yield* openEvents(projection, yield* page.fetch(left))
    for (const event of whole.events) {
      const error = yield* attempt(writeRows(set, projection.fold([event])))
      if (error === null) continue
      poison.set(streamId, { outline: outlineOf(event.stored), error })
      break
    }
  }
  return [...poison.values()]
})

/**
 * Writes an opened page by `commit`, which puts what it is given into its transaction. A page of which Postgres refuses
 * some row is written once more, each stream in a savepoint of its own, so that only the refused one is left behind.
 *
 * @returns what `commit` makes of the events that could not be folded, the first of each stream
 */
export const writePage = <E extends DomainEvent, A, E2, R>(
  set: string,
  projection: Projection<E>,
  page: Page,
  opened: OpenedPage<E>,
  commit: (write: ReturnType<typeof writeCarefully<E>>) => Effect.Effect<A, SqlError.SqlError | E2, R>
) =>
  commit(Effect.as(writeRows(set, opened.rows), [...opened.poison])).pipe(
    Effect.catchIf(
      (error): error is SqlError.SqlError => SqlError.isSqlError(error) && isRefusedRow(error),
      () => commit(writeCarefully(set, projection, page, opened))
    )
  )
