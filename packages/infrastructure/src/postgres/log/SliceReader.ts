import { PgClient } from "@effect/sql-pg"
import type { LogReading, SliceCursor } from "@indelible/application/store/EventLog"
import { LogCorrupted } from "@indelible/application/store/EventStoreError"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Schema } from "effect"
import { SqlSchema } from "effect/sql"
import { sliceCount } from "../../envelope/SliceOf.ts"
import { EventRow, toStored } from "./EventRow.ts"
import { ints, orUnavailable, smallints } from "./ReadingLog.ts"

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

/** Readers look at all slices, or at those that hints named, which are fewer than this at some hundred events a second. */
const few = 192

interface Turn {
  readonly cursors: ReadonlyArray<SliceCursor>
  readonly perSlice: number
  readonly limit: number
}

/**
 * How much of each makes a page, beginning with another slice every time. How far this reader has come says with which: a
 * page later it is as many slices later. A counter shared by all readers would let two of them in lockstep see only every
 * other slice.
 */
const turnAmong = (
  cursors: ReadonlyArray<SliceCursor>,
  all: ReadonlyArray<SliceCursor>,
  limit: number
): Turn => {
  const slices = Math.max(1, cursors.length)
  const first = all.reduce((sum, { after }) => sum + after, 0) % slices
  return {
    cursors: [...cursors.slice(first), ...cursors.slice(0, first)],
    perSlice: Math.max(1, Math.ceil(limit / slices)),
    limit
  }
}

/** What follows a cursor; null where nothing does, and then whether the log reaches as far as the cursor. */
const NextRow = Schema.Struct({
  slice: Schema.Int,
  slice_pos: Schema.NullOr(Schema.BigInt),
  header: Schema.NullOr(Schema.Uint8Array),
  header_hash: Schema.NullOr(Schema.Uint8Array),
  body: Schema.NullOr(Schema.Uint8Array),
  reached: Schema.NullOr(Schema.Boolean)
})

/** Where to go on in slices of which a page has as much as one slice may have of it. */
const unfinished = ({
  events,
  perSlice
}: {
  readonly events: ReadonlyArray<StoredEvent>
  readonly perSlice: number
}) => {
  const bySlice = Map.groupBy(events, ({ slice }) => slice)
  return [...bySlice].flatMap(([slice, all]) =>
    all.length < perSlice ? [] : [{ slice, after: all.at(-1)?.slicePos ?? 0 }]
  )
}

interface MovedRow {
  readonly slice: number
  readonly slice_pos: bigint
}

interface OutlineRow {
  readonly slice: number
  readonly slice_pos: bigint
  readonly stream_id: string
  readonly stream_pos: bigint
  readonly type: string
  readonly schema_version: number
}

/** The log slice by slice, for those who follow all of it. */
export const make = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient

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

  /** The newest position of those slices alone where that is not the cursor's: mostly few of the 256. */
  const selectMoved = (cursors: ReadonlyArray<SliceCursor>) => sql<MovedRow>`
    SELECT cursor.slice, head.slice_pos
    FROM unnest(
        ${smallints(cursors.map(({ slice }) => slice))}::smallint[],
        ${ints(cursors.map(({ after }) => after))}::bigint[]
      ) AS cursor (slice, after)
    CROSS JOIN LATERAL (
      SELECT coalesce((
        SELECT slice_pos FROM event WHERE event.slice = cursor.slice ORDER BY slice_pos DESC LIMIT 1
      ), 0) AS slice_pos
    ) AS head
    WHERE head.slice_pos <> cursor.after`

  const selectNext = SqlSchema.findAll({
    Request: Schema.Struct({
      cursors: Schema.Array(Schema.Struct({ slice: Schema.Int, after: Schema.Int })),
      perSlice: Schema.Int,
      limit: Schema.Int
    }),
    Result: NextRow,
    execute: ({ cursors, limit, perSlice }) => sql`
      SELECT cursor.slice, event.slice_pos, event.header, event.header_hash, event.body,
        CASE WHEN event.slice_pos IS NULL THEN cursor.after = coalesce((
          SELECT slice_pos FROM event WHERE event.slice = cursor.slice ORDER BY slice_pos DESC LIMIT 1
        ), 0) END AS reached
      FROM unnest(
          ${smallints(cursors.map(({ slice }) => slice))}::smallint[],
          ${ints(cursors.map(({ after }) => after))}::bigint[]
        )
        WITH ORDINALITY AS cursor (slice, after, turn)
      LEFT JOIN LATERAL (
        SELECT slice_pos, header, header_hash, body
        FROM event
        WHERE event.slice = cursor.slice AND event.slice_pos > cursor.after
        ORDER BY event.slice_pos
        LIMIT ${perSlice}
      ) AS event ON true
      ORDER BY cursor.turn, event.slice_pos
      LIMIT ${limit + cursors.length}`
  })

  const selectOldest = SqlSchema.findAll({
    Request: Schema.Array(Schema.Struct({ slice: Schema.Int, after: Schema.Int })),
    Result: Schema.Struct({ oldest: Schema.NullOr(Schema.Date) }),
    execute: (cursors) => sql`
      SELECT min(event.recorded_at) AS oldest
      FROM unnest(
          ${smallints(cursors.map(({ slice }) => slice))}::smallint[],
          ${ints(cursors.map(({ after }) => after))}::bigint[]
        ) AS cursor (slice, after)
      CROSS JOIN LATERAL (
        SELECT recorded_at
        FROM event
        WHERE event.slice = cursor.slice AND event.slice_pos > cursor.after
        ORDER BY event.slice_pos
        LIMIT 1
      ) AS event`
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

  /** The cursors that are behind, in their turn, and how much of each makes a page. */
  const turnOf = Effect.fnUntraced(function* (cursors: ReadonlyArray<SliceCursor>, limit: number) {
    const rows = yield* orUnavailable(selectMoved(cursors))
    const moved = new Map(rows.map(({ slice, slice_pos }) => [slice, Number(slice_pos)]))
    const behind: Array<SliceCursor> = []
    for (const cursor of cursors) {
      const found = moved.get(cursor.slice) ?? cursor.after
      // A cursor beyond the log: it was made on another history, such as before a restored backup.
      if (found < cursor.after) {
        return yield* new LogCorrupted({ slice: cursor.slice, expected: cursor.after, found })
      }
      if (found > cursor.after) behind.push(cursor)
    }
    const turn = turnAmong(behind, cursors, limit)
    return { ...turn, cursors: turn.cursors.slice(0, limit) }
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

  /** The next events of some slices: at most `limit`, and of each no more than its part. */
  const nextOf = Effect.fnUntraced(function* (cursors: ReadonlyArray<SliceCursor>, limit: number) {
    // Where most have nothing new it costs less to look first which of them are behind.
    const turn: Turn =
      cursors.length > few ? yield* turnOf(cursors, limit) : turnAmong(cursors, cursors, limit)
    const rows = turn.cursors.length === 0 ? [] : yield* orUnavailable(selectNext(turn))
    // Tells how far a cursor is beyond the log.
    if (rows.some(({ reached }) => reached === false)) yield* turnOf(cursors, limit)
    const events = rows.flatMap(({ body, header, header_hash, slice, slice_pos }) =>
      slice_pos === null || header === null || header_hash === null
        ? []
        : [toStored({ slice, slice_pos, header, header_hash, body })]
    )
    return { events, perSlice: turn.perSlice }
  })

  return {
    sliceHeads: Effect.suspend(() =>
      orUnavailable(selectHeads(Array.from({ length: sliceCount }, (_, slice) => slice)))
    ).pipe(Effect.map((rows) => rows.map(({ after, slice }) => ({ slice, after: Number(after) })))),

    oldestAfter: (cursors) =>
      Effect.map(orUnavailable(selectOldest(cursors)), ([row]) => row?.oldest ?? null),

    readSlices: Effect.fnUntraced(function* (cursors, limit) {
      const events: Array<StoredEvent> = []
      for (let left = cursors; left.length > 0 && events.length < limit; ) {
        const room = limit - events.length
        const page = yield* nextOf(left, room)
        events.push(...(yield* dense(left, page.events)).slice(0, room))
        left = unfinished(page)
      }
      return events
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
    })
  } satisfies Pick<LogReading, "sliceHeads" | "oldestAfter" | "readSlices" | "outlineSlices" | "readEvents">
})
