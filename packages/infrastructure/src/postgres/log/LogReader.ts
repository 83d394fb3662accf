import { PgClient, PgTypes } from "@effect/sql-pg"
import type { LogReading, SliceCursor } from "@indelible/application/store/EventLog"
import type { EventStore } from "@indelible/application/store/EventStore"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Result, Schema } from "effect"
import { SqlSchema } from "effect/sql"
import { sliceCount, sliceOf } from "../../envelope/SliceOf.ts"
import { stateAt } from "../../eventstore/StreamPosition.ts"
import { EventRow, toStored } from "./EventRow.ts"

const HeadRow = Schema.Struct({
  stream_id: StreamId,
  stream_pos: Schema.BigInt,
  recorded_at: Schema.Date,
  state: Schema.Unknown,
  state_version: Schema.Int,
  slice: Schema.Int,
  slice_pos: Schema.BigInt,
  tag: Schema.String
})

const ints = (values: ReadonlyArray<number>) =>
  Result.getOrThrow(PgTypes.array(values.map(BigInt), PgTypes.OID.int8))
const smallints = (values: ReadonlyArray<number>) =>
  Result.getOrThrow(PgTypes.array(values, PgTypes.OID.int2))

/** Milliseconds; longer than what the server itself allows a statement of the edge. */
const readDeadline = 10_000

const unreachable = (cause: unknown) => new Unavailable({ reason: "unreachable", cause })

/** A row that does not decode is damage or a bug: the fiber dies. Everything else means that nobody can read now. */
const orUnavailable = <A, R>(
  effect: Effect.Effect<A, { readonly _tag: string }, R>
): Effect.Effect<A, Unavailable, R> =>
  // A connection that died in silence would otherwise keep its reader for as long as TCP repeats itself: 15 minutes.
  giveUpAfter(effect, readDeadline, () => unreachable(new Error("no answer in time"))).pipe(
    Effect.catch((cause) =>
      cause._tag === "Unavailable" || cause._tag === "SqlError"
        ? Effect.fail(cause instanceof Unavailable ? cause : unreachable(cause))
        : Effect.die(cause)
    )
  )

/** Checks that each slice goes on, without a hole, where its cursor stands. */
const dense = <Event extends { readonly slice: number; readonly slicePos: number }>(
  cursors: ReadonlyArray<SliceCursor>,
  events: ReadonlyArray<Event>
) =>
  Effect.suspend(() => {
    const next = new Map(cursors.map(({ after, slice }) => [slice, after + 1]))
    for (const { slice, slicePos } of events) {
      const expected = next.get(slice) ?? slicePos
      if (slicePos !== expected) return Effect.fail(new LogCorrupted({ slice, expected, found: slicePos }))
      next.set(slice, expected + 1)
    }
    return Effect.succeed(events)
  })

type Reading = LogReading & Pick<EventStore["Service"], "heads" | "sampleStreams" | "streamsOf">

interface OutlineRow {
  readonly slice: number
  readonly slice_pos: bigint
  readonly stream_id: string
  readonly stream_pos: bigint
  readonly type: string
  readonly schema_version: number
}

/** Everything of the port that only reads; on the pool for reading, never on the lanes' connections. */
export const make = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient

  const selectStream = SqlSchema.findAll({
    Request: Schema.Struct({ stream: StreamId, after: Schema.Int, limit: Schema.Int }),
    Result: EventRow,
    execute: ({ after, limit, stream }) => sql`
      SELECT slice, slice_pos, header, header_hash, body
      FROM event
      WHERE slice = ${sliceOf(stream)} AND stream_id = ${stream} AND stream_pos > ${BigInt(after)}
      ORDER BY stream_pos
      LIMIT ${limit}`
  })

  const selectHeads = SqlSchema.findAll({
    Request: Schema.Array(Schema.Int),
    Result: Schema.Struct({ slice: Schema.Int, after: Schema.BigInt }),
    execute: (slices) => sql`
      SELECT s.slice, coalesce((
        SELECT slice_pos FROM event WHERE event.slice = s.slice ORDER BY slice_pos DESC LIMIT 1
      ), 0) AS after
      FROM unnest(${smallints(slices)}::smallint[]) AS s (slice)
      ORDER BY s.slice`
  })

  const selectPage = SqlSchema.findAll({
    Request: Schema.Struct({
      cursors: Schema.Array(Schema.Struct({ slice: Schema.Int, after: Schema.Int })),
      perSlice: Schema.Int,
      limit: Schema.Int
    }),
    Result: EventRow,
    execute: ({ cursors, limit, perSlice }) => sql`
      SELECT event.*
      FROM unnest(
          ${smallints(cursors.map(({ slice }) => slice))}::smallint[],
          ${ints(cursors.map(({ after }) => after))}::bigint[]
        )
        WITH ORDINALITY AS cursor (slice, after, turn)
      CROSS JOIN LATERAL (
        SELECT slice, slice_pos, header, header_hash, body
        FROM event
        WHERE event.slice = cursor.slice AND event.slice_pos > cursor.after
        ORDER BY event.slice_pos
        LIMIT ${perSlice}
      ) AS event
      ORDER BY cursor.turn, event.slice_pos
      LIMIT ${limit}`
  })

  const selectEvents = SqlSchema.findAll({
    Request: Schema.Array(Schema.Struct({ slice: Schema.Int, slicePos: Schema.Int })),
    Result: EventRow,
    execute: (places) => sql`
      SELECT event.*
      FROM unnest(
          ${smallints(places.map(({ slice }) => slice))}::smallint[],
          ${ints(places.map(({ slicePos }) => slicePos))}::bigint[]
        )
        WITH ORDINALITY AS place (slice, slice_pos, turn)
      CROSS JOIN LATERAL (
        SELECT slice, slice_pos, header, header_hash, body
        FROM event
        WHERE event.slice = place.slice AND event.slice_pos = place.slice_pos
        LIMIT 1
      ) AS event
      ORDER BY place.turn`
  })

  /** The cursors that are behind, beginning with another one every time, and how much of each makes a page. */
  const turnOf = Effect.fnUntraced(function* (cursors: ReadonlyArray<SliceCursor>, limit: number) {
    const rows = yield* orUnavailable(selectHeads(cursors.map(({ slice }) => slice)))
    const heads = new Map(rows.map(({ after, slice }) => [slice, Number(after)]))
    for (const { after, slice } of cursors) {
      const found = heads.get(slice) ?? 0
      // A cursor beyond the log: it was made on another history, such as before a restored backup.
      if (found < after) return yield* new LogCorrupted({ slice, expected: after, found })
    }
    const behind = cursors.filter(({ after, slice }) => (heads.get(slice) ?? 0) > after)
    // How far this reader has come says where it begins: a page later it begins as many slices later. A counter shared
    // by all readers would let two of them in lockstep see only every other slice.
    const turn = cursors.reduce((sum, { after }) => sum + after, 0) % Math.max(1, behind.length)
    const rotated = [...behind.slice(turn), ...behind.slice(0, turn)]
    const perSlice = Math.max(1, Math.ceil(limit / Math.max(1, behind.length)))
    return { cursors: rotated.slice(0, limit), perSlice, limit }
  })

  const selectOutlines = ({
    cursors,
    limit,
    perSlice
  }: Effect.Success<ReturnType<typeof turnOf>>) => sql<OutlineRow>`
    SELECT event.*
    FROM unnest(
        ${smallints(cursors.map(({ slice }) => slice))}::smallint[],
        ${ints(cursors.map(({ after }) => after))}::bigint[]
      )
      WITH ORDINALITY AS cursor (slice, after, turn)
    CROSS JOIN LATERAL (
      SELECT slice, slice_pos, stream_id, stream_pos, type, schema_version
      FROM event
      WHERE event.slice = cursor.slice AND event.slice_pos > cursor.after
      ORDER BY event.slice_pos
      LIMIT ${perSlice}
    ) AS event
    ORDER BY cursor.turn, event.slice_pos
    LIMIT ${limit}`

  const selectStates = SqlSchema.findAll({
    Request: Schema.Array(StreamId),
    Result: HeadRow,
    execute: (streams) => sql`
      SELECT stream.*, newest.slice_pos, encode(substring(newest.header_hash FROM 1 FOR 8), 'hex') AS tag
      FROM unnest(${smallints(streams.map(sliceOf))}::smallint[], ${[...streams]}::text[]) AS wanted (slice, stream_id)
      CROSS JOIN LATERAL (
        SELECT * FROM stream WHERE stream.slice = wanted.slice AND stream.stream_id = wanted.stream_id LIMIT 1
      ) AS stream
      CROSS JOIN LATERAL (
        SELECT slice_pos, header_hash FROM event
        WHERE event.slice = stream.slice AND event.stream_id = stream.stream_id
          -- Not equal: with three equalities the index of command keys fits as well, and a whole stream of it is read.
          AND event.stream_pos >= stream.stream_pos
        ORDER BY event.stream_pos
        LIMIT 1
      ) AS newest`
  })

  const selectSample = SqlSchema.findAll({
    Request: Schema.Struct({
      category: Schema.String,
      starts: Schema.Array(Schema.Struct({ slice: Schema.Int, from: Schema.String })),
      perSlice: Schema.Int
    }),
    Result: Schema.Struct({ stream_id: StreamId }),
    execute: ({ category, perSlice, starts }) => sql`
      SELECT found.stream_id
      FROM unnest(
          ${smallints(starts.map(({ slice }) => slice))}::smallint[],
          ${starts.map(({ from }) => `${category}-${from}`)}::text[]
        )
        WITH ORDINALITY AS start (slice, stream_id, turn)
      CROSS JOIN LATERAL (
        (SELECT stream_id, 0 AS lap FROM stream
          -- The character after "-": where the ids of this category end, in the order of the column's collation.
          WHERE slice = start.slice AND stream_id >= start.stream_id AND stream_id < ${`${category}.`}
          ORDER BY stream_id LIMIT ${perSlice})
        UNION ALL
        (SELECT stream_id, 1 AS lap FROM stream
          WHERE slice = start.slice AND stream_id >= ${`${category}-`} AND stream_id < start.stream_id
          ORDER BY stream_id LIMIT ${perSlice})
        ORDER BY lap, stream_id LIMIT ${perSlice}
      ) AS found
      ORDER BY start.turn, found.lap, found.stream_id`
  })

  const selectStreamsOf = SqlSchema.findAll({
    Request: Schema.String,
    Result: Schema.Struct({ stream_id: StreamId }),
    execute: (subject) => sql`
      SELECT stream_id FROM participant WHERE subject_id = ${subject}::uuid ORDER BY stream_id`
  })

  return {
    readStream: Effect.fnUntraced(function* (stream, after, limit) {
      const rows = yield* orUnavailable(selectStream({ stream, after, limit }))
      return rows.map(toStored)
    }),

    sliceHeads: Effect.suspend(() =>
      orUnavailable(selectHeads(Array.from({ length: sliceCount }, (_, slice) => slice)))
    ).pipe(Effect.map((rows) => rows.map(({ after, slice }) => ({ slice, after: Number(after) })))),

    readSlices: Effect.fnUntraced(function* (cursors, limit) {
      const turn = yield* turnOf(cursors, limit)
      if (turn.cursors.length === 0) return []
      const page = yield* orUnavailable(selectPage(turn))
      return yield* dense(cursors, page.map(toStored))
    }),

    outlineSlices: Effect.fnUntraced(function* (cursors, limit) {
      const turn = yield* turnOf(cursors, limit)
      if (turn.cursors.length === 0) return []
      // Thousands a page: they are not decoded, since the types of the table's columns say what they are.
      const rows = yield* orUnavailable(selectOutlines(turn))
      const outlines = rows.map((row) => ({
        slice: row.slice,
        slicePos: Number(row.slice_pos),
        streamId: StreamId.make(row.stream_id),
        streamPos: Number(row.stream_pos),
        type: row.type,
        schemaVersion: row.schema_version
      }))
      return yield* dense(cursors, outlines)
    }),

    readEvents: Effect.fnUntraced(function* (places) {
      if (places.length === 0) return []
      const events = (yield* orUnavailable(selectEvents(places))).map(toStored)
      const found = new Set(events.map(({ slice, slicePos }) => `${slice}/${slicePos}`))
      for (const { slice, slicePos } of places) {
        if (!found.has(`${slice}/${slicePos}`)) {
          return yield* new LogCorrupted({ slice, expected: slicePos, found: slicePos + 1 })
        }
      }
      return events
    }),

    heads: Effect.fnUntraced(function* (aggregate, streams) {
      if (streams.length === 0) return []
      const rows = yield* orUnavailable(selectStates(streams))
      return yield* Effect.forEach(rows, (row) => {
        const position = {
          pos: Number(row.stream_pos),
          recordedAt: row.recorded_at.toISOString(),
          state: row.state,
          stateVersion: row.state_version
        }
        return Result.match(stateAt(aggregate, position), {
          onFailure: (cause) => Effect.fail(new Unavailable({ reason: "newer-program-wrote", cause })),
          onSuccess: (state) =>
            Effect.succeed({
              streamId: row.stream_id,
              pos: position.pos,
              slice: row.slice,
              slicePos: Number(row.slice_pos),
              tag: row.tag,
              state
            })
        })
      })
    }),

    sampleStreams: Effect.fnUntraced(function* (category, starts, perSlice) {
      const rows = yield* orUnavailable(selectSample({ category, starts, perSlice }))
      return rows.map(({ stream_id }) => stream_id)
    }),

    streamsOf: Effect.fnUntraced(function* (subject) {
      const rows = yield* orUnavailable(selectStreamsOf(subject))
      return rows.map(({ stream_id }) => stream_id)
    })
  } satisfies Reading
})
