import { PgClient } from "@effect/sql-pg"
import type { LogReading, SliceCursor } from "@indelible/application/store/EventLog"
import { LogCorrupted } from "@indelible/application/store/EventStoreError"
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

  return {
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
    })
  } satisfies Pick<LogReading, "sliceHeads" | "readSlices" | "outlineSlices" | "readEvents">
})
