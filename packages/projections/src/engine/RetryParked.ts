import { EventLog } from "@indelible/application/store/EventLog"
import { StreamId } from "@indelible/application/store/StreamId"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import * as Checkpoint from "./Checkpoint.ts"
import type { Claim } from "./Claim.ts"
import { isRefusedRow } from "./FoldError.ts"
import { pageLimit, pageTransaction } from "./FoldPage.ts"
import { openPage } from "./OpenPage.ts"
import * as Parked from "./Parked.ts"
import { programOf } from "./Program.ts"
import type { Projection } from "./Projection.ts"
import { writeCarefully, writeRows } from "./WritePage.ts"

/**
 * Takes a parked stream up again where it stopped, one page of it, as the owner of the tables: its rows are as the
 * events before left them, so going on gives what folding it from the start would.
 *
 * @returns the claim as it is then: the stream is no longer parked, further on, or parked again
 */
export const retryParked = Effect.fn("RetryParked.retryParked")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  claim: Claim,
  { slice, streamId, streamPos }: Parked.ParkedStream,
  limit: number = pageLimit
) {
  const { epoch, name, positions } = claim
  const stream = StreamId.make(streamId)
  const next = yield* (yield* EventLog).readStream(stream, streamPos - 1, limit + 1)
  // What the checkpoint has not come to yet will come in its turn.
  const due = next.filter(({ slicePos }) => slicePos <= (positions[slice] ?? 0))
  const page = due.slice(0, limit)
  const isLast = due.length === page.length
  const opened = yield* openPage(projection, page)
  const end = (page.at(-1)?.header.streamPos ?? streamPos - 1) + 1

  const commit = <R>(
    write: Effect.Effect<ReadonlyArray<Parked.Poison>, Effect.Error<ReturnType<typeof writeCarefully>>, R>
  ) =>
    pageTransaction(
      Effect.gen(function* () {
        yield* Checkpoint.hold(name, epoch, slice)
        const [poison] = [...opened.poison, ...(yield* write)]
        if (poison !== undefined) yield* Parked.park(name, programOf(projection), [poison])
        else if (isLast) yield* Parked.release(name, streamId)
        else yield* Parked.moveTo(name, streamId, end)
        return poison
      })
    )
  const poison = yield* commit(Effect.as(writeRows(name, opened.rows), [])).pipe(
    Effect.catchIf(
      (error) => error._tag === "SqlError" && isRefusedRow(error),
      () => commit(writeCarefully(name, projection, opened))
    )
  )
  const parked = new Map(claim.parked)
  if (poison !== undefined) parked.set(streamId, poison.stored.header.streamPos)
  else if (isLast) {
    parked.delete(streamId)
    yield* Effect.logInfo(`projection ${name}: ${streamId} is no longer parked`)
  } else parked.set(streamId, end)
  const after: Claim = { ...claim, parked }
  return after
})
