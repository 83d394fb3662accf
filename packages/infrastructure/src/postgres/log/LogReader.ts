import { PgClient, PgTypes } from "@effect/sql-pg"
import type { SliceCursor } from "@indelible/application/store/EventLog"
import type { EventStore } from "@indelible/application/store/EventStore"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { giveUpAfter } from "@indelible/application/store/GiveUpAfter"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
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
const dense = (cursors: ReadonlyArray<SliceCursor>, events: ReadonlyArray<StoredEvent>) =>
  Effect.suspend(() => {
    const next = new Map(cursors.map(({ after, slice }) => [slice, after + 1]))
    for (const { slice, slicePos } of events) {
      const expected = next.get(slice) ?? slicePos
      if (slicePos !== expected) return Effect.fail(new LogCorrupted({ slice, expected, found: slicePos }))
      next.set(slice, expected + 1)
    }
    return Effect.succeed(events)
  })

type Reading = Pick<EventStore["Service"], "readStream" | "readSlices" | "sliceHeads" | "heads" | "streamsOf">

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
      FROM unnest(${smallints(slices)}::smallint[]) AS s (slice)`
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
      const rows = yield* orUnavailable(selectHeads(cursors.map(({ slice }) => slice)))
      const heads = new Map(rows.map(({ after, slice }) => [slice, Number(after)]))
      for (const { after, slice } of cursors) {
        const found = heads.get(slice) ?? 0
        // A cursor beyond the log: it was made on another history, such as before a restored backup.
        if (found < after) return yield* new LogCorrupted({ slice, expected: after, found })
      }
      const behind = cursors.filter(({ after, slice }) => (heads.get(slice) ?? 0) > after)
      if (behind.length === 0) return []
      // How far this reader has come says where it begins: a page later it begins as many slices later. A counter
      // shared by all readers would let two of them in lockstep see only every other slice.
      const turn = cursors.reduce((sum, { after }) => sum + after, 0) % behind.length
      const rotated = [...behind.slice(turn), ...behind.slice(0, turn)]
      const perSlice = Math.max(1, Math.ceil(limit / behind.length))
      const page = yield* orUnavailable(selectPage({ cursors: rotated.slice(0, limit), perSlice, limit }))
      return yield* dense(cursors, page.map(toStored))
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

    streamsOf: Effect.fnUntraced(function* (subject) {
      const rows = yield* orUnavailable(selectStreamsOf(subject))
      return rows.map(({ stream_id }) => stream_id)
    })
  } satisfies Reading
})
