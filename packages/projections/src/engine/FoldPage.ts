import { EventOpener } from "@indelible/application/store/EventOpener"
import { EventStore, type RecordedEvent } from "@indelible/application/store/EventStore"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import { FoldThrew, UnreadableInPage } from "./FoldError.ts"
import type { Projection, Write } from "./Projection.ts"

/** Most events of one page, over all slices: bounds memory and how long a page holds its locks. */
export const pageLimit = 500

const openEvents = Effect.fn("FoldPage.openEvents")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  page: ReadonlyArray<StoredEvent>
) {
  const { catalogue, category, reads } = projection
  const mine = page.filter(({ streamId }) => streamId.startsWith(`${category}-`))
  const opened =
    reads === "bodies"
      ? yield* (yield* EventOpener).open(catalogue, mine)
      : mine.map(({ header }) => readEvent(catalogue, header.type, header.schemaVersion, header.facts, null))
  const events: Array<RecordedEvent<E>> = []
  for (const [i, stored] of mine.entries()) {
    const event = opened[i]
    if (event === undefined) return yield* Effect.die(new Error("the opener left out an event"))
    if (Result.isFailure(event)) {
      const { reason, schemaVersion, type } = event.failure
      const { streamId, streamPos } = stored.header
      return yield* new UnreadableInPage({ streamId, streamPos, type, schemaVersion, reason })
    }
    events.push({ stored, event: event.success })
  }
  return events
})

const movesOf = (positions: ReadonlyArray<number>, page: ReadonlyArray<StoredEvent>) => {
  const moves = new Map<number, Checkpoint.Move>()
  for (const { slice, slicePos } of page) {
    moves.set(slice, { slice, from: positions[slice] ?? 0, to: slicePos })
  }
  return [...moves.values()]
}

const commit = Effect.fn("FoldPage.commit")(function* (
  claim: Checkpoint.Claim,
  moves: ReadonlyArray<Checkpoint.Move>,
  write: Write
) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.withTransaction(
    Effect.gen(function* () {
      // A node that freezes here must not keep the next owner out. And nothing waits for the disk: if the server
      // crashes, rows and checkpoint go back together, and are made again from the log.
      yield* sql`
        SELECT
          set_config('idle_in_transaction_session_timeout', '2s', true),
          set_config('synchronous_commit', 'off', true)`
      yield* Checkpoint.advance(claim.name, claim.epoch, moves)
      yield* write(claim.name)
    })
  )
})

/**
 * Folds the next page of the log into the tables that `claim` is for, rows and checkpoint in one transaction. A page
 * without an event for this projection moves the checkpoint all the same.
 *
 * @returns the claim at its new positions, and how many events the page had; 0: the tables reach the end of the log
 */
export const foldPage = Effect.fn("FoldPage.foldPage")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Checkpoint.Claim,
  limit: number = pageLimit
) {
  const cursors = claim.positions.map((after, slice) => ({ slice, after }))
  const page = yield* (yield* EventStore).readSlices(cursors, limit)
  if (page.length === 0) return { claim, events: 0 }
  const events = yield* openEvents(projection, page)
  const write = yield* Effect.try({
    try: () => projection.fold(events),
    catch: (cause) => new FoldThrew({ cause })
  })
  const moves = movesOf(claim.positions, page)
  yield* commit(claim, moves, write)
  const positions = claim.positions.slice()
  for (const { slice, to } of moves) positions[slice] = to
  return { claim: { ...claim, positions }, events: page.length }
})
