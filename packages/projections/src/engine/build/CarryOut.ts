import { EventLog } from "@indelible/application/store/EventLog"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Clock, Effect, Result, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "../Checkpoint.ts"
import { type Claim, claim } from "../Claim.ts"
import { foldPage } from "../FoldPage.ts"
import { unhurried } from "../OutsideTransaction.ts"
import * as Parked from "../Parked.ts"
import type { Projection } from "../Projection.ts"
import * as Sets from "../Sets.ts"
import type { Build, Comparison } from "./Build.ts"
import { compare } from "./Compare.ts"
import { done } from "./Done.ts"
import { foldRanges } from "./FoldRanges.ts"
import type { Pace } from "./Pace.ts"
import { type Progress, rangesOf } from "./Progress.ts"
import { switchTo } from "./Switch.ts"

/** The new tables would leave out what the live ones show. */
export class BuiltLess extends Schema.TaggedError<BuiltLess>()("BuiltLess", {
  parked: Schema.Array(Schema.String)
}) {
  override get message() {
    const some = this.parked.slice(0, 5).join(", ")
    return `${this.parked.length} streams that the live tables follow cannot be folded now (${some}), so the live tables stay`
  }
}

/** Fewer events behind than this, and the rest is folded while the live tables stand still. */
const nearEnough = 200

/**
 * The empty tables, made once; a build that is taken up again finds what it has made. What another version of the program
 * has made of it is of no use to this one.
 */
const begin = Effect.fn("CarryOut.begin")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  build: Build
) {
  if (build.kind === "rollback") return
  const sql = yield* SqlClient.SqlClient
  const shadow = Sets.shadowOf(projection.name)
  if (build.begunAt !== null && (yield* Checkpoint.versionOf(shadow)) === projection.version) return
  yield* sql.withTransaction(
    Effect.gen(function* () {
      yield* Sets.drop(shadow)
      yield* projection.createTables(shadow)
      yield* Checkpoint.create(shadow, projection.version)
      yield* sql`
        UPDATE projection_build SET begun_at = ${new Date(yield* Clock.currentTimeMillis)} WHERE id = ${build.id}`
    })
  )
})

/** Pages of all slices, until there is hardly anything left. */
const catchUp = Effect.fnUntraced(function* <E extends DomainEvent>(projection: Projection<E>, from: Claim) {
  let current = from
  while (true) {
    const folded = yield* foldPage(projection, current)
    current = folded.claim
    if (folded.events < nearEnough) return current
  }
})

const index = Effect.fnUntraced(function* <E extends DomainEvent>(
  { createIndexes, tables }: Projection<E>,
  set: string
) {
  const sql = yield* SqlClient.SqlClient
  yield* createIndexes(set)
  for (const { name } of tables) yield* sql`ANALYZE ${sql(`${set}.${name}`)}`
})

/** Both or neither: cut off in between, nobody would ever remove the tables of a build that is done. */
const finish = Effect.fnUntraced(function* (
  build: Build,
  { name, positions }: Claim,
  message: string | null
) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.withTransaction(
    Effect.gen(function* () {
      if (yield* done(build, positions, null, message)) yield* Sets.drop(name)
    })
  )
})

const record = Effect.fnUntraced(function* (build: Build, comparison: Comparison) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    UPDATE projection_build SET comparison = ${JSON.stringify(comparison)}::jsonb WHERE id = ${build.id}`
})

/** Tables of another version say something else, and there is nothing to learn from that. */
const otherVersion = Effect.fnUntraced(function* <E extends DomainEvent>({ name, version }: Projection<E>) {
  const live = yield* Checkpoint.versionOf(name)
  return live === version ? null : `not compared: the live tables were made for version ${live}`
})

/** Live tables that follow the log no more, or lack what they should have: what a rebuild is there to heal. */
const isBroken = (error: Effect.Error<ReturnType<typeof compare>>): boolean =>
  error._tag === "LiveStandsStill" || (error._tag === "SqlError" && error.reason._tag === "SqlSyntaxError")

const refuseToShowLess = Effect.fnUntraced(function* (name: string, built: Claim) {
  const live = yield* Parked.positions(name)
  const less = [...built.parked.keys()].filter((stream) => !live.has(stream))
  if (less.length > 0) return yield* new BuiltLess({ parked: less })
})

/**
 * Makes the tables of a build, or goes on making them, and does with them what it is for. Whatever ends it in the
 * middle, it can be called again: everything is found in the database.
 */
export const carryOut = Effect.fn("CarryOut.carryOut")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  build: Build,
  progress: Progress,
  pace: Pace
) {
  const { name } = projection
  const set = build.kind === "rollback" ? Sets.formerOf(name) : Sets.shadowOf(name)
  yield* begin(projection, build)
  let built = yield* claim(set)

  const heads = yield* (yield* EventLog).sliceHeads
  const upTo = heads.map(({ after }) => after)
  progress.ranges = rangesOf(built.positions, heads)
  progress.stage = "folding"
  built = yield* foldRanges(projection, built, upTo, progress, pace)

  progress.stage = "indexing"
  yield* unhurried(index(projection, set))
  progress.stage = "catching up"
  built = yield* catchUp(projection, built)

  let uncompared = build.kind === "rollback" ? null : yield* otherVersion(projection)
  if (build.kind !== "rollback" && uncompared === null) {
    progress.stage = "comparing"
    const compared = yield* Effect.result(compare(projection, built))
    if (Result.isSuccess(compared)) {
      built = compared.success.claim
      yield* record(build, compared.success.comparison)
    } else if (build.kind === "rebuild" && isBroken(compared.failure)) {
      uncompared = "not compared: the live tables are broken, or do not follow the log"
      // The comparison may have folded some more before it failed.
      built = yield* claim(set)
    } else return yield* compared.failure
  }
  if (build.kind === "verify") return yield* finish(build, built, uncompared)
  yield* refuseToShowLess(name, built)
  progress.stage = "switching"
  built = yield* catchUp(projection, built)
  yield* switchTo(projection, built, build, uncompared)
})
