import { EventLog } from "@indelible/application/store/EventLog"
import type { EventOutline } from "@indelible/application/store/StoredEvent"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "./Checkpoint.ts"
import type { Claim } from "./Claim.ts"
import { TooManyParked } from "./FoldError.ts"
import { openPage } from "./OpenPage.ts"
import { thinPage, wholePage } from "./Page.ts"
import * as Parked from "./Parked.ts"
import { programOf } from "./Program.ts"
import type { Projection } from "./Projection.ts"
import { writePage } from "./WritePage.ts"

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
  /** Reads only what the projection needs. For large pages. */
  readonly thin?: boolean
  /** How far to go, by slice; as far as the log goes if absent. */
  readonly upTo?: ReadonlyArray<number>
}

const movesOf = (positions: ReadonlyArray<number>, page: ReadonlyArray<EventOutline>) => {
  const moves = new Map<number, Checkpoint.Move>()
  for (const { slice, slicePos } of page) {
    moves.set(slice, { slice, from: positions[slice] ?? 0, to: slicePos })
  }
  return [...moves.values()]
}

/**
 * What every transaction that folds begins with: a node that freezes in it must not keep the next owner out. And
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

/** The events that come next in the slices that are behind. */
export const nextPage = Effect.fnUntraced(function* (
  { positions }: Claim,
  { limit = pageLimit, slices = allSlices, thin = false, upTo }: FoldOptions
) {
  const end = (slice: number) => upTo?.[slice] ?? Number.POSITIVE_INFINITY
  const behind = slices.flatMap((slice) => {
    const after = positions[slice] ?? 0
    return after < end(slice) ? [{ slice, after }] : []
  })
  if (behind.length === 0) return wholePage([])
  const within = ({ slice, slicePos }: EventOutline) => slicePos <= end(slice)
  const page = thin
    ? yield* thinPage(behind, limit)
    : wholePage(yield* (yield* EventLog).readSlices(behind, limit))
  return { ...page, outlines: page.outlines.filter(within) }
})

/**
 * Folds the next page of the log into the tables that `claim` is for, rows and checkpoint in one transaction. A page
 * without an event for this projection moves the checkpoint all the same. An event that cannot be folded parks its
 * stream: the others go on, and what comes after it in its stream waits behind it.
 *
 * @returns the claim at its new positions, how it got there, and how many events the page had; 0: the tables reach the end
 */
export const foldPage = Effect.fn("FoldPage.foldPage")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  options: FoldOptions = {}
) {
  const page = yield* nextPage(claim, options)
  if (page.outlines.length === 0) return { claim, moves: [], events: 0 }
  const prefix = `${projection.category}-`
  const mine = page.outlines.filter(
    ({ streamId }) => streamId.startsWith(prefix) && !claim.parked.has(streamId)
  )
  const toFold = { ...page, outlines: mine }
  const opened = yield* openPage(projection, toFold)
  const moves = movesOf(claim.positions, page.outlines)

  const poison = yield* writePage(claim.name, projection, toFold, opened, (write) =>
    pageTransaction(
      Effect.gen(function* () {
        // First: the row locks keep the next owner waiting until this page is whole, and one that was replaced learns
        // it before it has done anything.
        yield* Checkpoint.advance(claim.name, claim.epoch, moves)
        const found = yield* write
        const parked = claim.parked.size + found.length
        if (parked > mostParked) return yield* new TooManyParked({ name: claim.name, parked })
        yield* Parked.park(claim.name, programOf(projection), found)
        return found
      })
    )
  )
  for (const { error, outline } of poison) {
    yield* Effect.logError(
      `projection ${claim.name}: ${outline.streamId} is parked at ${outline.streamPos} (${outline.type}): ${error}`
    )
  }
  const positions = claim.positions.slice()
  for (const { slice, to } of moves) positions[slice] = to
  const parked =
    poison.length === 0
      ? claim.parked
      : new Map([
          ...claim.parked,
          ...poison.map(({ outline }) => [outline.streamId, outline.streamPos] as const)
        ])
  return { claim: { ...claim, positions, parked }, moves, events: page.outlines.length }
})
