import { EventLog } from "@indelible/application/store/EventLog"
import { StreamId } from "@indelible/application/store/StreamId"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { Effect } from "effect"
import * as Checkpoint from "./Checkpoint.ts"
import type { Claim } from "./Claim.ts"
import { pageLimit, pageTransaction } from "./FoldPage.ts"
import { openPage } from "./OpenPage.ts"
import { wholePage } from "./Page.ts"
import * as Parked from "./Parked.ts"
import { programOf } from "./Program.ts"
import type { Projection } from "./Projection.ts"
import { writePage } from "./WritePage.ts"

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
  const toFold = wholePage(page)
  const opened = yield* openPage(projection, toFold)
  const end = (page.at(-1)?.header.streamPos ?? streamPos - 1) + 1

  const poison = yield* writePage(name, projection, toFold, opened, (write) =>
    pageTransaction(
      Effect.gen(function* () {
        yield* Checkpoint.hold(name, epoch, slice)
        const [found] = yield* write
        if (found !== undefined) yield* Parked.park(name, programOf(projection), [found])
        else if (isLast) yield* Parked.release(name, streamId)
        else yield* Parked.moveTo(name, streamId, end)
        return found
      })
    )
  )
  const parked = new Map(claim.parked)
  if (poison !== undefined) parked.set(streamId, poison.outline.streamPos)
  else if (isLast) {
    parked.delete(streamId)
    yield* Effect.logInfo(`projection ${name}: ${streamId} is no longer parked`)
  } else parked.set(streamId, end)
  const after: Claim = { ...claim, parked }
  return after
})
