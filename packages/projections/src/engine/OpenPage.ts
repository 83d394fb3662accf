import { EventOpener } from "@indelible/application/store/EventOpener"
import type { RecordedEvent } from "@indelible/application/store/EventStore"
import { type EventOutline, outlineOf, type StoredEvent } from "@indelible/application/store/StoredEvent"
import type { DomainEvent, ReadEvent } from "@indelible/domain/event/DomainEvent"
import { knows, readEvent } from "@indelible/domain/event/EventCatalogue"
import { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { Effect, Result } from "effect"
import { FoldThrew } from "./FoldError.ts"
import { ofStream, type Page } from "./Page.ts"
import type { Poison } from "./Parked.ts"
import type { Projection } from "./Projection.ts"
import type { TableRows } from "./Table.ts"

/** What can be folded of a page, folded, and the first event of each stream that cannot be. */
export interface OpenedPage<E extends DomainEvent> {
  /** Those that the fold needs. */
  readonly events: ReadonlyArray<RecordedEvent<E>>
  readonly rows: ReadonlyArray<TableRows>
  readonly poison: ReadonlyArray<Poison>
}

/** Reads events, with the content that the fold looks at. */
export const openEvents = Effect.fnUntraced(function* <E extends DomainEvent>(
  { catalogue, content }: Projection<E>,
  stored: ReadonlyArray<StoredEvent>
) {
  const wanted = content(stored)
  const bodies: ReadonlyArray<Result.Result<ReadEvent<E>, UnreadableEvent>> =
    wanted.length === 0 ? [] : yield* (yield* EventOpener).open(catalogue, wanted)
  const opened = new Map(wanted.map((event, i) => [event, bodies[i]]))
  const events: Array<RecordedEvent<E>> = []
  const poison: Array<Poison> = []
  for (const event of stored) {
    const { facts, schemaVersion, type } = event.header
    const read = opened.get(event) ?? readEvent(catalogue, type, schemaVersion, facts, null)
    if (Result.isSuccess(read)) events.push({ stored: event, event: read.success })
    else poison.push({ outline: outlineOf(event), error: read.failure.message })
  }
  return { events, poison }
})

const unknownIn = <E extends DomainEvent>(
  { catalogue }: Projection<E>,
  outlines: ReadonlyArray<EventOutline>
): ReadonlyArray<Poison> =>
  outlines.flatMap((outline) => {
    const { schemaVersion, type } = outline
    if (knows(catalogue, type, schemaVersion)) return []
    return [{ outline, error: new UnreadableEvent({ type, schemaVersion, reason: "unknown" }).message }]
  })

const tryFold = <E extends DomainEvent>(
  { fold }: Projection<E>,
  events: ReadonlyArray<RecordedEvent<E>>
): Result.Result<ReadonlyArray<TableRows>, FoldThrew> =>
  Result.try({ try: () => fold(events), catch: (cause) => new FoldThrew({ cause }) })

export const byStream = <E extends DomainEvent>(events: ReadonlyArray<RecordedEvent<E>>) => {
  const streams = new Map<string, Array<RecordedEvent<E>>>()
  for (const event of events) {
    const stream = streams.get(event.stored.streamId)
    if (stream === undefined) streams.set(event.stored.streamId, [event])
    else stream.push(event)
  }
  return streams
}

/** The fold is pure, so trying costs nothing: the first event of each stream that it cannot take. */
const throwersIn = Effect.fnUntraced(function* <E extends DomainEvent>(
  projection: Projection<E>,
  page: Page,
  events: ReadonlyArray<RecordedEvent<E>>
) {
  const poison: Array<Poison> = []
  for (const [streamId, stream] of byStream(events)) {
    if (Result.isSuccess(tryFold(projection, stream))) continue
    const whole = yield* openEvents(projection, yield* page.fetch(ofStream(page, streamId)))
    for (const event of whole.events) {
      const folded = tryFold(projection, [event])
      if (Result.isSuccess(folded)) continue
      poison.push({ outline: outlineOf(event.stored), error: folded.failure.message })
      break
    }
  }
  return poison
})

/**
 * Folds what can be folded of a page, which holds nothing but events of the projection's category. An event that this
 * program does not know, that does not open, or that the fold throws at, ends its stream there.
 */
export const openPage = Effect.fn("OpenPage.openPage")(function* <E extends DomainEvent>(
  projection: Projection<E>,
  page: Page
) {
  const ends = new Map<string, Poison>()
  const end = (poison: ReadonlyArray<Poison>) => {
    for (const one of poison) {
      const known = ends.get(one.outline.streamId)
      if (known === undefined || one.outline.streamPos < known.outline.streamPos) {
        ends.set(one.outline.streamId, one)
      }
    }
  }
  end(unknownIn(projection, page.outlines))
  // Each turn ends a stream, or an earlier part of one: what is needed of what is left is another choice of events.
  while (true) {
    const left = page.outlines.filter(
      ({ streamId, streamPos }) =>
        streamPos < (ends.get(streamId)?.outline.streamPos ?? Number.POSITIVE_INFINITY)
    )
    const needed = projection.needs === "all" ? left : projection.needs(left)
    const { events, poison } = yield* openEvents(projection, yield* page.fetch(needed))
    if (poison.length > 0) {
      // Of these streams all is read: the first that cannot be opened may be one that was not needed.
      const sick = new Set(poison.map(({ outline }) => outline.streamId))
      const whole = yield* page.fetch(left.filter(({ streamId }) => sick.has(streamId)))
      end([...poison, ...(yield* openEvents(projection, whole)).poison])
      continue
    }
    const folded = tryFold(projection, events)
    if (Result.isSuccess(folded)) {
      const opened: OpenedPage<E> = { events, rows: folded.success, poison: [...ends.values()] }
      return opened
    }
    const throwers = yield* throwersIn(projection, { ...page, outlines: left }, events)
    // Every event folds by itself and together they do not: the program breaks its own law, and no event is to blame.
    if (throwers.length === 0) return yield* folded.failure
    end(throwers)
  }
})
