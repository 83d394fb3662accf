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
const finish = Effect.fnUntraced(function* (build: Build, { name, positions }: Claim) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.withTransaction(
    Effect.gen(function* () {
      if (yield* done(build, positions, null)) yield* Sets.drop(name)
    })
  )
})

const record = Effect.fnUntraced(function* (build: Build, comparison: Comparison) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    UPDATE projection_build SET comparison = ${JSON.stringify(comparison)}::jsonb WHERE id = ${build.id}`
})

const note = Effect.fnUntraced(function* (build: Build, message: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`UPDATE projection_build SET message = ${message} WHERE id = ${build.id}`
})

/** Tables of another version say something else, and there is nothing to learn from that. */
export class OtherVersion extends Schema.TaggedError<OtherVersion>()("OtherVersion", {
  projection: Schema.String,
  live: Schema.NullOr(Schema.Int),
  built: Schema.Int
}) {
  override get message() {
    return `the live tables of ${this.projection} were made for version ${this.live}, those built now for version ${this.built}, so they were not compared`
  }
}

const compareAlike = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  built: Claim
) {
  const live = yield* Checkpoint.versionOf(projection.name)
  if (live !== built.version) {
    return yield* new OtherVersion({ projection: projection.name, live, built: built.version })
  }
  return yield* compare(projection, built)
})

const refuseToShowLess = Effect.fnUntraced(function* (name: string, built: Claim) {
  const live = yield* Parked.positions(name)
  const less = [...built.parked.keys()].filter((stream) => !live.has(stream))
  if (less.length > 0) return yield* new BuiltLess({ parked: less })
})

/** Compares, and keeps what was found. A rebuild is just for tables that are stuck or old: it goes on without. */
const compareOrGoOn = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  built: Claim,
  build: Build
) {
  const compared = yield* Effect.result(compareAlike(projection, built))
  if (Result.isSuccess(compared)) {
    yield* record(build, compared.success.comparison)
    return compared.success.claim
  }
  const error = compared.failure
  const isAboutLive = error._tag === "LiveStandsStill" || error._tag === "OtherVersion"
  if (!isAboutLive || build.kind === "verify") return yield* error
  yield* note(build, error.message)
  return built
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
  progress.found = progress.ranges.reduce((total, { events }) => total + events, 0)
  progress.stage = "folding"
  built = yield* foldRanges(projection, built, upTo, progress, pace)

  progress.stage = "indexing"
  yield* unhurried(index(projection, set))
  progress.stage = "catching up"
  built = yield* catchUp(projection, built)

  if (build.kind !== "rollback") {
    progress.stage = "comparing"
    built = yield* compareOrGoOn(projection, built, build)
  }
  if (build.kind === "verify") return yield* finish(build, built)
  yield* refuseToShowLess(name, built)
  progress.stage = "switching"
  built = yield* catchUp(projection, built)
  yield* switchTo(projection, built, build)
})
