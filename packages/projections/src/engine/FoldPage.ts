import { EventLog } from "@indelible/application/store/EventLog"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import type { Claim } from "./Claim.ts"
import { isRefusedRow, TooManyParked } from "./FoldError.ts"
import { openPage } from "./OpenPage.ts"
import * as Parked from "./Parked.ts"
import { programOf } from "./Program.ts"
import type { Projection } from "./Projection.ts"
import { writeCarefully, writeRows } from "./WritePage.ts"

/** Most events of one page, over all slices: bounds memory and how long a page holds its locks. */
export const pageLimit = 500

/** More parked streams than this, and it is the program that has to be mended. */
const mostParked = 10_000

export const allSlices: ReadonlyArray<number> = Array.from({ length: Checkpoint.sliceCount }, (_, i) => i)

export interface FoldOptions {
  /** Events of a page at most. */
  readonly limit?: number
  /** The slices to read; all of them if absent. */
  readonly slices?: ReadonlyArray<number>
  /** How far to go, by slice; as far as the log goes if absent. */
  readonly upTo?: ReadonlyArray<number>
}

const movesOf = (positions: ReadonlyArray<number>, page: ReadonlyArray<StoredEvent>) => {
  const moves = new Map<number, Checkpoint.Move>()
  for (const { slice, slicePos } of page) {
    moves.set(slice, { slice, from: positions[slice] ?? 0, to: slicePos })
  }
  return [...moves.values()]
}

/**
 * What every transaction on read models begins with: a node that freezes in it must not keep the next owner out. And
 * nothing waits for the disk: if the server crashes, rows and checkpoint go back together, and are made again from the log.
 */
export const pageTransaction = Effect.fnUntraced(function* <A, E, R>(body: Effect.Effect<A, E, R>) {
  const sql = yield* SqlClient.SqlClient
  const settings = sql`
    SELECT
      set_config('idle_in_transaction_session_timeout', '2s', true),
      set_config('synchronous_commit', 'off', true)`
  return yield* sql.withTransaction(Effect.andThen(settings, body))
})

/** The next events, and how far they take the checkpoint. */
const nextPage = Effect.fnUntraced(function* (
  { positions }: Claim,
  { limit = pageLimit, slices = allSlices, upTo }: FoldOptions
) {
  const end = (slice: number) => upTo?.[slice] ?? Number.POSITIVE_INFINITY
  const behind = slices.flatMap((slice) => {
    const after = positions[slice] ?? 0
    return after < end(slice) ? [{ slice, after }] : []
  })
  if (behind.length === 0) return []
  const page = yield* (yield* EventLog).readSlices(behind, limit)
  return page.filter(({ slice, slicePos }) => slicePos <= end(slice))
})

/**
 * Folds the next page of the log into the tables that `claim` is for, rows and checkpoint in one transaction. A page
 * without an event for this projection moves the checkpoint all the same. An event that cannot be folded parks its
 * stream: the others go on, and what comes after it in its stream waits behind it.
 *
 * @returns the claim at its new positions, and how many events the page had; 0: the tables reach the end
 */
export const foldPage = Effect.fn("FoldPage.foldPage")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  options: FoldOptions = {}
) {
  const page = yield* nextPage(claim, options)
  if (page.length === 0) return { claim, events: 0 }
  const prefix = `${projection.category}-`
  const mine = page.filter(({ streamId }) => streamId.startsWith(prefix) && !claim.parked.has(streamId))
  const opened = yield* openPage(projection, mine)
  const moves = movesOf(claim.positions, page)

  const commit = <R>(
    write: Effect.Effect<ReadonlyArray<Parked.Poison>, Effect.Error<ReturnType<typeof writeCarefully>>, R>
  ) =>
    pageTransaction(
      Effect.gen(function* () {
        // First: the row locks keep the next owner waiting until this page is whole, and one that was replaced learns
        // it before it has done anything.
        yield* Checkpoint.advance(claim.name, claim.epoch, moves)
        const poison = [...opened.poison, ...(yield* write)]
        if (claim.parked.size + poison.length > mostParked) {
          return yield* new TooManyParked({ name: claim.name, parked: claim.parked.size + poison.length })
        }
        yield* Parked.park(claim.name, programOf(projection), poison)
        return poison
      })
    )

  const poison = yield* commit(Effect.as(writeRows(claim.name, opened.rows), [])).pipe(
    Effect.catchIf(
      (error) => error._tag === "SqlError" && isRefusedRow(error),
      () => commit(writeCarefully(claim.name, projection, opened))
    )
  )
  for (const { error, stored } of poison) {
    yield* Effect.logError(
      `projection ${claim.name}: ${stored.streamId} is parked at ${stored.header.streamPos} (${stored.header.type}): ${error}`
    )
  }
  const positions = claim.positions.slice()
  for (const { slice, to } of moves) positions[slice] = to
  const parked =
    poison.length === 0
      ? claim.parked
      : new Map([
          ...claim.parked,
          ...poison.map(({ stored }) => [stored.streamId, stored.header.streamPos] as const)
        ])
  return { claim: { ...claim, positions, parked }, events: page.length }
})
