import { EventOpener } from "@indelible/application/store/EventOpener"
import type { RecordedEvent } from "@indelible/application/store/EventStore"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { DomainEvent, ReadEvent } from "@indelible/domain/event/DomainEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import type { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { Effect, Result } from "effect"
import { FoldThrew } from "./FoldError.ts"
import type { Poison } from "./Parked.ts"
import type { Projection } from "./Projection.ts"
import type { TableRows } from "./Table.ts"

/** What can be folded of some events, and the first event of each stream that cannot. */
export interface OpenedPage<E extends DomainEvent> {
  readonly events: ReadonlyArray<RecordedEvent<E>>
  readonly poison: ReadonlyArray<Poison>
}

const open = Effect.fnUntraced(function* <E extends DomainEvent>(
  { catalogue, content }: Projection<E>,
  stored: ReadonlyArray<StoredEvent>
) {
  const wanted = content(stored)
  const bodies: ReadonlyArray<Result.Result<ReadEvent<E>, UnreadableEvent>> =
    wanted.length === 0 ? [] : yield* (yield* EventOpener).open(catalogue, wanted)
  const opened = new Map(wanted.map((event, i) => [event, bodies[i]]))
  return stored.map(
    (event) =>
      opened.get(event) ??
      readEvent(catalogue, event.header.type, event.header.schemaVersion, event.header.facts, null)
  )
})

const throwing = (fold: () => unknown): FoldThrew | null => {
  try {
    fold()
    return null
  } catch (cause) {
    return new FoldThrew({ cause })
  }
}

/** Lets a stream go up to before the first event that is not taken; what comes after that one waits behind it. */
const untilRefused = <E extends DomainEvent>(
  events: ReadonlyArray<RecordedEvent<E>>,
  refusal: (event: RecordedEvent<E>) => string | null
): OpenedPage<E> => {
  const poison = new Map<string, Poison>()
  const taken = events.filter((event) => {
    const { stored } = event
    if (poison.has(stored.streamId)) return false
    const error = refusal(event)
    if (error !== null) poison.set(stored.streamId, { stored, error })
    return error === null
  })
  return { events: taken, poison: [...poison.values()] }
}

/** Streams whose events make the fold throw are told from the others; the fold is pure, so trying costs nothing. */
const foldable = <E extends DomainEvent>(
  { fold }: Projection<E>,
  page: OpenedPage<E>
): OpenedPage<E> & { readonly rows: ReadonlyArray<TableRows> } => {
  let rows: ReadonlyArray<TableRows> = []
  const threw = throwing(() => {
    rows = fold(page.events)
  })
  if (threw === null) return { ...page, rows }
  const sorted = untilRefused(page.events, (event) => throwing(() => fold([event]))?.message ?? null)
  // One by one they fold and together they do not: the program breaks its own law, and no event is to blame.
  if (sorted.poison.length === 0) throw threw
  return { events: sorted.events, poison: [...page.poison, ...sorted.poison], rows: fold(sorted.events) }
}

/** Opens what a projection reads of some events, of one category and in their order, and folds what can be folded. */
export const openPage = Effect.fn("OpenPage.openPage")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  stored: ReadonlyArray<StoredEvent>
) {
  const opened = yield* open(projection, stored)
  const unreadable = new Map<StoredEvent, string>()
  const readable = stored.flatMap((event, i) => {
    const read = opened[i]
    if (read === undefined || Result.isFailure(read)) {
      unreadable.set(event, read === undefined ? "was not opened" : read.failure.message)
    }
    return read === undefined || Result.isFailure(read) ? [] : [{ stored: event, event: read.success }]
  })
  const first = new Map<string, Poison>()
  for (const [event, error] of unreadable) {
    if (!first.has(event.streamId)) first.set(event.streamId, { stored: event, error })
  }
  const before = readable.filter(({ stored: { header, streamId } }) => {
    const poison = first.get(streamId)
    return poison === undefined || header.streamPos < poison.stored.header.streamPos
  })
  return yield* Effect.try({
    try: () => foldable(projection, { events: before, poison: [...first.values()] }),
    catch: (cause) => (cause instanceof FoldThrew ? cause : new FoldThrew({ cause }))
  })
})
