import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect, Schema } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import * as Checkpoint from "../Checkpoint.ts"
import type { Claim } from "../Claim.ts"
import { allSlices, foldPage } from "../FoldPage.ts"
import { outsideTransaction, unhurried } from "../OutsideTransaction.ts"
import * as Parked from "../Parked.ts"
import type { Projection } from "../Projection.ts"
import { keyText } from "../Table.ts"
import type { Comparison, RowDifference } from "./Build.ts"
import { differingSlices, digestsOf } from "./Digest.ts"
import { lastEventOf } from "./LastEvent.ts"
import { fieldsOf, hashesOf, rowOf } from "./RowDifferences.ts"

/** More are counted, by slice, and not shown. */
const mostDifferences = 50

/** The live tables do not come as far as the built ones, so there is no moment at which to compare them. */
export class LiveStandsStill extends Schema.TaggedError<LiveStandsStill>()("LiveStandsStill", {
  projection: Schema.String
}) {
  override get message() {
    return `the live tables of ${this.projection} do not follow the log, so they were not compared; a rebuild replaces them`
  }
}

/** The live tables are not as this program makes them, so they cannot even be read. */
export class LiveBroken extends Schema.TaggedError<LiveBroken>()("LiveBroken", {
  projection: Schema.String
}) {
  override get message() {
    return `the live tables of ${this.projection} lack what they should have, so they were not compared; a rebuild replaces them`
  }
}

/** A table or column that is not there, of the live ones. */
const ofLive = <A, E, R>(name: string, reading: Effect.Effect<A, E | SqlError.SqlError, R>) =>
  Effect.catchIf(
    reading,
    (error) => SqlError.isSqlError(error) && error.reason._tag === "SqlSyntaxError",
    () => Effect.fail(new LiveBroken({ projection: name }))
  )

const patience = { pollMillis: 20, times: 500 }

const untilLiveReaches = Effect.fnUntraced(function* (name: string, positions: ReadonlyArray<number>) {
  for (let i = 0; i < patience.times; i++) {
    const live = yield* Checkpoint.read(name, allSlices)
    if (positions.every((position, slice) => (live.get(slice) ?? 0) >= position)) return
    yield* Effect.sleep(patience.pollMillis)
  }
  return yield* new LiveStandsStill({ projection: name })
})

/** Folds exactly to the cut, and no further. */
const foldTo = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  upTo: ReadonlyArray<number>
) {
  let current = claim
  while (true) {
    const folded = yield* foldPage(projection, current, { upTo })
    if (folded.events === 0) return current
    current = folded.claim
  }
})

/**
 * Compares the live tables with those that were built, at one cut: the checkpoint of the live tables as the snapshot
 * shows it in which their digests are made. The built ones are folded to exactly there, and stand still until all is
 * compared. Neither readers nor the owner of the live tables wait for any of it.
 *
 * @returns what was found, and the claim at the cut
 */
export const compare = Effect.fn("Compare.compare")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim
) {
  const sql = yield* SqlClient.SqlClient
  const { name, stream, tables } = projection
  yield* untilLiveReaches(name, claim.positions)

  // The built tables change after the snapshot, so all that is done with them is done outside it.
  const outside = outsideTransaction(sql)
  const inSnapshot = Effect.gen(function* () {
    const live = yield* Checkpoint.read(name, allSlices)
    const cut = allSlices.map((slice) => live.get(slice) ?? 0)
    const liveParked = yield* Parked.positions(name)
    const built = yield* outside(foldTo(projection, claim, cut))
    const parked = [...new Set([...liveParked.keys(), ...built.parked.keys()])]
    const left = parked.map((streamId) => streamId.slice(projection.category.length + 1))

    const liveDigests = yield* ofLive(name, digestsOf(name, tables, stream, left))
    const builtDigests = yield* outside(unhurried(digestsOf(claim.name, tables, stream, left)))
    const slices = differingSlices(liveDigests, builtDigests)
    const differences: Array<RowDifference> = []
    for (const { slice, table: tableName } of slices) {
      const table = tables.find(({ name }) => name === tableName)
      if (table === undefined || differences.length >= mostDifferences) break
      const liveRows = yield* hashesOf(name, table, slice, stream, left)
      const builtRows = yield* outside(unhurried(hashesOf(claim.name, table, slice, stream, left)))
      for (const [text, { key }] of new Map([...liveRows, ...builtRows])) {
        if (liveRows.get(text)?.hash === builtRows.get(text)?.hash) continue
        if (differences.length >= mostDifferences) break
        const [one, other] = [yield* rowOf(name, table, key), yield* outside(rowOf(claim.name, table, key))]
        const id = String((one ?? other)?.[stream])
        differences.push({
          table: tableName,
          slice,
          key,
          kind: one === null ? "only built" : other === null ? "only live" : "differs",
          fields: one === null || other === null ? [] : fieldsOf(table, one, other),
          lastEvent: yield* outside(lastEventOf(projection, id, tableName, keyText(table.key, key), cut))
        })
      }
    }
    const comparison: Comparison = {
      equal: slices.length === 0,
      rows: [...liveDigests.values()].reduce((total, { rows }) => total + rows, 0),
      events: cut.reduce((total, position) => total + position, 0),
      slices,
      differences,
      parked: parked.sort()
    }
    return { comparison, claim: built }
  })
  const compared = yield* unhurried(inSnapshot).pipe(
    Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
  )
  // Content that was purged in between is in the snapshot and no longer in the built tables.
  yield* Checkpoint.confirm(claim.name, claim.epoch)
  return compared
})
