import { EventLog } from "@indelible/application/store/EventLog"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { type StreamId, streamId } from "@indelible/application/store/StreamId"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { Effect, Result } from "effect"
import type { Projection } from "../Projection.ts"

const windowSize = 200
/** Nearly every row comes from one of its stream's last events; a very old one is not worth minutes. */
const mostWindows = 50

/** The newest position of a stream, in a number of looks that grows with its logarithm. */
const endOf = Effect.fnUntraced(function* (stream: StreamId) {
  const { readStream } = yield* EventLog
  const hasAfter = (pos: number) => Effect.map(readStream(stream, pos, 1), (events) => events.length > 0)
  let [below, above] = [0, 1]
  while (yield* hasAfter(above)) [below, above] = [above, above * 2]
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (yield* hasAfter(middle)) below = middle
    else above = middle
  }
  return (yield* hasAfter(below)) ? above : below
})

/** Whether folding one event writes this row; content does not decide that. */
const touches = <E extends DomainEvent>(
  { catalogue, fold }: Projection<E>,
  stored: StoredEvent,
  table: string,
  key: string
): boolean => {
  const { facts, schemaVersion, type } = stored.header
  const event = readEvent(catalogue, type, schemaVersion, facts, null)
  if (Result.isFailure(event)) return false
  const rows = Result.try({ try: () => fold([{ stored, event: event.success }]), catch: () => "threw" })
  return (
    Result.isSuccess(rows) && rows.success.some((each) => each.table === table && each.keys().includes(key))
  )
}

/** The last event, up to a vector of slice positions, that a row comes from; null if there is none among its 10,000 newest. */
export const lastEventOf = Effect.fn("LastEvent.lastEventOf")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  id: string,
  table: string,
  key: string,
  upTo: ReadonlyArray<number>
) {
  const { readStream } = yield* EventLog
  const stream = streamId(projection.category, id)
  const newest = yield* endOf(stream)
  const oldest = newest - mostWindows * windowSize
  for (let end = newest; end > Math.max(0, oldest); end -= windowSize) {
    const after = Math.max(0, end - windowSize)
    const events = yield* readStream(stream, after, end - after)
    const found = events.findLast(
      (event) => event.slicePos <= (upTo[event.slice] ?? 0) && touches(projection, event, table, key)
    )
    if (found === undefined) continue
    const { recordedAt, streamPos, type } = found.header
    return { streamId: stream, streamPos, type, recordedAt }
  }
  return null
})
