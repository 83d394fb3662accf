import { EventLog } from "@indelible/application/store/EventLog"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Clock, Effect, Random, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "../Checkpoint.ts"
import { type Claim, claim } from "../Claim.ts"
import { foldPage } from "../FoldPage.ts"
import { unhurried } from "../OutsideTransaction.ts"
import * as Parked from "../Parked.ts"
import type { Projection } from "../Projection.ts"
import { retryParked } from "../RetryParked.ts"
import * as Sets from "../Sets.ts"
import type { Build } from "./Build.ts"
import { compareForBuild } from "./CompareForBuild.ts"
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

/** The tables are those of another program, or not there. */
export class NotForThisProgram extends Schema.TaggedError<NotForThisProgram>()("NotForThisProgram", {
  set: Schema.String,
  made: Schema.NullOr(Schema.Int),
  version: Schema.Int
}) {
  override get message() {
    return this.made === null
      ? `there are no tables ${this.set} any more`
      : `the tables ${this.set} were made for version ${this.made}, the program of this node has version ${this.version}; stop the nodes of the other program first`
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
      yield* Checkpoint.create(shadow, projection.version, yield* Random.nextIntBetween(1, 2 ** 30))
      yield* sql`
        UPDATE projection_build SET begun_at = ${new Date(yield* Clock.currentTimeMillis)} WHERE id = ${build.id}`
    })
  )
})

/** Streams that an earlier program or trouble has parked in these tables get another chance. */
const retryAllParked = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claimed: Claim
) {
  let current = claimed
  for (const parked of yield* Parked.list(claimed.name)) {
    let { streamPos } = parked
    while (true) {
      current = yield* retryParked(projection, current, { ...parked, streamPos })
      const next = current.parked.get(parked.streamId)
      // Released, or at an event that still cannot be folded.
      if (next === undefined || next === streamPos) break
      streamPos = next
    }
  }
  return current
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

/** What a newer program made is not for this one to replace, and what another one made is not for it to put back. */
const refuseOtherPrograms = Effect.fnUntraced(function* <E extends DomainEvent>(
  { name, version }: Projection<E>,
  build: Build
) {
  if (build.kind === "rollback") {
    const former = Sets.formerOf(name)
    const made = yield* Checkpoint.versionOf(former)
    if (made !== version) return yield* new NotForThisProgram({ set: former, made, version })
    return
  }
  const made = yield* Checkpoint.versionOf(name)
  if (made !== null && made > version) return yield* new NotForThisProgram({ set: name, made, version })
})

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
  yield* refuseOtherPrograms(projection, build)
  yield* begin(projection, build)
  let built = yield* retryAllParked(projection, yield* claim(set))

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

  let uncompared: string | null = null
  if (build.kind !== "rollback") {
    progress.stage = "comparing"
    const compared = yield* compareForBuild(projection, built, build)
    built = compared.claim
    uncompared = compared.uncompared
  }
  if (build.kind === "verify") return yield* finish(build, built, uncompared)
  yield* refuseToShowLess(name, built)
  progress.stage = "switching"
  built = yield* catchUp(projection, built)
  yield* switchTo(projection, built, build, uncompared)
})
