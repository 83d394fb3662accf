import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as Checkpoint from "../Checkpoint.ts"
import type { Claim } from "../Claim.ts"
import { NoCheckpoint } from "../FoldError.ts"
import { foldPage } from "../FoldPage.ts"
import type { Projection } from "../Projection.ts"
import * as Sets from "../Sets.ts"
import type { Build } from "./Build.ts"
import { done } from "./Done.ts"

/** Somebody stopped the build in the last moment, so nothing was switched. */
export class NotSwitched extends Schema.TaggedError<NotSwitched>()("NotSwitched", {
  projection: Schema.String
}) {
  override get message() {
    return `the build of ${this.projection} was stopped before its tables were live`
  }
}

/** Between two names, within one transaction. */
const leavingOf = (projection: string) => `${projection}_leaving`

/** Holds the live checkpoint where it is until the transaction ends. */
const holdLive = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ slice: number; slice_pos: bigint; epoch: number }>`
    SELECT slice, slice_pos, epoch
    FROM projection_checkpoint
    WHERE projection = ${name}
    ORDER BY slice
    FOR UPDATE`
  const [first] = rows
  if (first === undefined || rows.length !== Checkpoint.sliceCount) {
    return yield* new NoCheckpoint({ name, rows: rows.length })
  }
  return { positions: rows.map(({ slice_pos }) => Number(slice_pos)), epoch: first.epoch }
})

/**
 * Puts a set of tables in the place of the live one, which becomes the former one, kept for a roll-back. In one
 * transaction: the live tables are held still, the others fold what they do not have of them yet, names change hands,
 * and the build is done. Readers see the one or the other, and the second knows all that the first did. The owner of the
 * live tables is fenced off by the epoch, and goes on with the tables that are live then.
 */
export const switchTo = Effect.fn("Switch.switchTo")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  build: Build,
  message: string | null = null
) {
  const sql = yield* SqlClient.SqlClient
  const { name } = projection
  const [leaving, former] = [leavingOf(name), Sets.formerOf(name)]
  const confirmed = Checkpoint.hold(claim.name, claim.epoch, 0)

  const exchange = Effect.gen(function* () {
    // Everyone who writes the live tables waits for this, so it gives up early where it would have to wait itself.
    yield* sql`
      SELECT
        set_config('idle_in_transaction_session_timeout', '2s', true),
        set_config('lock_timeout', '5s', true)`
    const live = yield* holdLive(name)
    yield* confirmed
    let current = claim
    while (true) {
      const folded = yield* foldPage(projection, current, { upTo: live.positions })
      if (folded.events === 0) break
      current = folded.claim
    }
    if (claim.name !== former) yield* Sets.drop(former)
    const epoch = Math.max(live.epoch, claim.epoch) + 1
    yield* Sets.rename(name, leaving, epoch)
    yield* Sets.rename(claim.name, name, epoch)
    yield* Sets.rename(leaving, former, epoch)
    yield* sql`UPDATE projection_build SET kept_until = NULL WHERE projection = ${name} AND kept_until IS NOT NULL`
    // Pages do without waiting for the disk; this is not made again from the log.
    yield* sql`SELECT set_config('synchronous_commit', 'on', true)`
    if (!(yield* done(build, current.positions, build.keepHours, message))) {
      return yield* new NotSwitched({ projection: name })
    }
  })
  yield* sql.withTransaction(exchange)
  yield* Effect.logInfo(
    `projection ${name}: the tables of ${build.kind} ${build.id} are live; those before are kept for ${build.keepHours} hours`
  )
})
