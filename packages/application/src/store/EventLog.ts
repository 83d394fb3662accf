import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect } from "effect"
import type { LogCorrupted, Unavailable } from "./EventStoreError.ts"
import type { EventOutline, StoredEvent } from "./StoredEvent.ts"
import type { StreamId } from "./StreamId.ts"

/** Where a reader stands in one slice: it has everything up to `after`. */
export interface SliceCursor {
  readonly slice: number
  readonly after: number
}

export interface StreamHead<State> {
  readonly streamId: StreamId
  /** Position of the newest event. */
  readonly pos: number
  readonly slice: number
  readonly slicePos: number
  /** Tag of the newest event: see `tagOf`. */
  readonly tag: string
  readonly state: State
}

/** Where the sample of one slice begins. */
export interface SampleStart {
  readonly slice: number
  /** Compared with what stands after `<category>-` in the streams' ids; need not be one. */
  readonly from: string
}

/** The head of a stream that a person takes part in. */
export interface OwnHead<State> extends StreamHead<State> {
  readonly subject: SubjectId
}

/** Which events of a stream are wanted: at most `limit` after a position. */
export interface StreamPart {
  readonly stream: StreamId
  readonly after: number
  readonly limit: number
}

export interface LogReading {
  /** Events of one stream after a position, ascending, at most `limit`. An unknown stream has none. */
  readonly readStream: (
    stream: StreamId,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, Unavailable>

  /** The same for many streams, by one query: the events of each ascending and together, in no order of the streams. */
  readonly readStreams: (
    parts: ReadonlyArray<StreamPart>
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, Unavailable>

  /**
   * The next events of many slices, at most `limit` in all, ascending within each slice; fewer are all there were. The
   * slice to begin with rotates, and each has a fair part, so that a busy slice cannot starve the others. A missing number
   * fails with `LogCorrupted`.
   */
  readonly readSlices: (
    cursors: ReadonlyArray<SliceCursor>,
    limit: number
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, Unavailable | LogCorrupted>

  /** What `readSlices` would read, without reading it. */
  readonly outlineSlices: (
    cursors: ReadonlyArray<SliceCursor>,
    limit: number
  ) => Effect.Effect<ReadonlyArray<EventOutline>, Unavailable | LogCorrupted>

  /** Events by their places, in the order of these; one that is not there fails with `LogCorrupted`. */
  readonly readEvents: (
    places: ReadonlyArray<{ readonly slice: number; readonly slicePos: number }>
  ) => Effect.Effect<ReadonlyArray<StoredEvent>, Unavailable | LogCorrupted>

  /** The newest position of every slice, 0 where nothing is. */
  readonly sliceHeads: Effect.Effect<ReadonlyArray<SliceCursor>, Unavailable>

  /**
   * When the oldest was recorded of the events that come next after these cursors; null: nothing follows any of them. It
   * looks at what is there: neither a missing number nor a header that nobody can read keeps it from answering.
   */
  readonly oldestAfter: (cursors: ReadonlyArray<SliceCursor>) => Effect.Effect<Date | null, Unavailable>

  /** Heads and states of streams, by one query; a stream without events is left out. */
  readonly heads: <State, E extends DomainEvent>(
    aggregate: Aggregate<State, E>,
    streams: ReadonlyArray<StreamId>
  ) => Effect.Effect<ReadonlyArray<StreamHead<State>>, Unavailable>

  /**
   * Heads and states of the streams of one kind that these people take part in, at most `limit` of each person's, by one
   * query; like `streamsOf` right after the event that made it so.
   */
  readonly headsOf: <State, E extends DomainEvent>(
    aggregate: Aggregate<State, E>,
    subjects: ReadonlyArray<SubjectId>,
    limit: number
  ) => Effect.Effect<ReadonlyArray<OwnHead<State>>, Unavailable>

  /**
   * Some streams of one category: of each slice the first `perSlice` in the order of their ids that are at `from` or
   * later, going round to the slice's first where they end, each at most once. Costs as much as it answers, however
   * many streams there are.
   */
  readonly sampleStreams: (
    category: string,
    starts: ReadonlyArray<SampleStart>,
    perSlice: number
  ) => Effect.Effect<ReadonlyArray<StreamId>, Unavailable>

  /** Whether a stream has an event of this command: of any type, from any node, and from the moment it was answered. */
  readonly holdsCommand: (
    stream: StreamId,
    actor: SubjectId,
    commandId: string
  ) => Effect.Effect<boolean, Unavailable>

  /** The streams a person takes part in, right after the event that made it so. */
  readonly streamsOf: (subject: SubjectId) => Effect.Effect<ReadonlyArray<StreamId>, Unavailable>

  /** Whether two people take part in one stream; of any length, and however many they have with others. */
  readonly shareStream: (one: SubjectId, other: SubjectId) => Effect.Effect<boolean, Unavailable>
}

/**
 * The log as those see it who only read it, such as projectors. What is read was committed, and is never taken back:
 * positions are dense, and visible in their order.
 */
export class EventLog extends Context.Service<EventLog, LogReading>()(
  "@indelible/application/store/EventLog"
) {}
