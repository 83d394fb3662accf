import { PgClient } from "@effect/sql-pg"
import type { LogReading } from "@indelible/application/store/EventLog"
import { Unavailable } from "@indelible/application/store/EventStoreError"
import { StreamId } from "@indelible/application/store/StreamId"
import type { Aggregate } from "@indelible/domain/event/Aggregate"
import type { DomainEvent } from "@indelible/domain/event/DomainEvent"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Result, Schema } from "effect"
import { SqlSchema } from "effect/sql"
import { sliceOf } from "../../envelope/SliceOf.ts"
import { commandKeyOf } from "../../eventstore/CommandKey.ts"
import { stateAt } from "../../eventstore/StreamPosition.ts"
import { EventRow, toStored } from "./EventRow.ts"
import { ints, orUnavailable, smallints } from "./ReadingLog.ts"

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

const OwnHeadRow = Schema.Struct({ ...HeadRow.fields, subject_id: SubjectId })

const headOf = <State, E extends DomainEvent>(aggregate: Aggregate<State, E>, row: typeof HeadRow.Type) => {
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
}

/** Streams one by one: their events, and the states that stand beside them. */
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

  const selectParts = SqlSchema.findAll({
    Request: Schema.Array(Schema.Struct({ stream: StreamId, after: Schema.Int, limit: Schema.Int })),
    Result: EventRow,
    execute: (parts) => sql`
      SELECT found.slice, found.slice_pos, found.header, found.header_hash, found.body
      FROM unnest(
          ${smallints(parts.map(({ stream }) => sliceOf(stream)))}::smallint[],
          ${parts.map(({ stream }) => stream)}::text[],
          ${ints(parts.map(({ after }) => after))}::bigint[],
          ${ints(parts.map(({ limit }) => limit))}::bigint[]
        )
        WITH ORDINALITY AS part (slice, stream_id, after, most, turn)
      CROSS JOIN LATERAL (
        SELECT slice, slice_pos, stream_pos, header, header_hash, body
        FROM event
        WHERE event.slice = part.slice AND event.stream_id = part.stream_id AND event.stream_pos > part.after
        ORDER BY event.stream_pos
        LIMIT part.most
      ) AS found
      ORDER BY part.turn, found.stream_pos`
  })

  /** The newest event of `stream`. */
  const newest = sql.literal(`
      CROSS JOIN LATERAL (
        SELECT slice_pos, header_hash FROM event
        WHERE event.slice = stream.slice AND event.stream_id = stream.stream_id
          -- Not equal: with three equalities the index of command keys fits as well, and a whole stream of it is read.
          AND event.stream_pos >= stream.stream_pos
        ORDER BY event.stream_pos
        LIMIT 1
      ) AS newest`)

  const selectStates = SqlSchema.findAll({
    Request: Schema.Array(StreamId),
    Result: HeadRow,
    execute: (streams) => sql`
      SELECT stream.*, newest.slice_pos, encode(substring(newest.header_hash FROM 1 FOR 8), 'hex') AS tag
      FROM unnest(${smallints(streams.map(sliceOf))}::smallint[], ${[...streams]}::text[]) AS wanted (slice, stream_id)
      CROSS JOIN LATERAL (
        SELECT * FROM stream WHERE stream.slice = wanted.slice AND stream.stream_id = wanted.stream_id LIMIT 1
      ) AS stream
      ${newest}`
  })

  const selectOwnStates = SqlSchema.findAll({
    Request: Schema.Struct({ subjects: Schema.Array(SubjectId), limit: Schema.Int }),
    Result: OwnHeadRow,
    execute: ({ limit, subjects }) => sql`
      SELECT person.subject_id, stream.*, newest.slice_pos, encode(substring(newest.header_hash FROM 1 FOR 8), 'hex') AS tag
      FROM unnest(${[...subjects]}::uuid[]) AS person (subject_id)
      CROSS JOIN LATERAL (
        SELECT slice, stream_id FROM participant WHERE participant.subject_id = person.subject_id LIMIT ${limit}
      ) AS own
      CROSS JOIN LATERAL (
        SELECT * FROM stream WHERE stream.slice = own.slice AND stream.stream_id = own.stream_id LIMIT 1
      ) AS stream
      ${newest}`
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

  const selectCommand = SqlSchema.findAll({
    Request: Schema.Struct({ stream: StreamId, commandKey: Schema.String }),
    Result: Schema.Struct({ slice: Schema.Int }),
    execute: ({ commandKey, stream }) => sql`
      SELECT slice
      FROM event
      WHERE slice = ${sliceOf(stream)} AND stream_id = ${stream} AND command_key = ${commandKey}
      LIMIT 1`
  })

  const selectStreamsOf = SqlSchema.findAll({
    Request: Schema.String,
    Result: Schema.Struct({ stream_id: StreamId }),
    execute: (subject) => sql`
      SELECT stream_id FROM participant WHERE subject_id = ${subject}::uuid ORDER BY stream_id`
  })

  const selectShared = SqlSchema.findAll({
    Request: Schema.Struct({ one: SubjectId, other: SubjectId }),
    Result: Schema.Struct({ shared: Schema.Boolean }),
    execute: ({ one, other }) => sql`
      -- Not a join: with old statistics one is done by comparing each with each.
      SELECT EXISTS (
        SELECT slice, stream_id FROM participant WHERE subject_id = ${one}::uuid
        INTERSECT
        SELECT slice, stream_id FROM participant WHERE subject_id = ${other}::uuid
      ) AS shared`
  })

  return {
    readStreams: Effect.fnUntraced(function* (parts) {
      if (parts.length === 0) return []
      const rows = yield* orUnavailable(selectParts(parts))
      return rows.map(toStored)
    }),

    readStream: Effect.fnUntraced(function* (stream, after, limit) {
      const rows = yield* orUnavailable(selectStream({ stream, after, limit }))
      return rows.map(toStored)
    }),

    heads: Effect.fnUntraced(function* (aggregate, streams) {
      if (streams.length === 0) return []
      const rows = yield* orUnavailable(selectStates(streams))
      return yield* Effect.forEach(rows, (row) => headOf(aggregate, row))
    }),

    headsOf: Effect.fnUntraced(function* (aggregate, subjects, limit) {
      if (subjects.length === 0) return []
      const prefix = `${aggregate.category}-`
      const rows = yield* orUnavailable(selectOwnStates({ subjects, limit }))
      return yield* Effect.forEach(
        rows.filter(({ stream_id }) => stream_id.startsWith(prefix)),
        (row) => Effect.map(headOf(aggregate, row), (head) => ({ ...head, subject: row.subject_id }))
      )
    }),

    sampleStreams: Effect.fnUntraced(function* (category, starts, perSlice) {
      const rows = yield* orUnavailable(selectSample({ category, starts, perSlice }))
      return rows.map(({ stream_id }) => stream_id)
    }),

    holdsCommand: Effect.fnUntraced(function* (stream, actor, commandId) {
      const commandKey = commandKeyOf(actor, commandId)
      return (yield* orUnavailable(selectCommand({ stream, commandKey }))).length > 0
    }),

    streamsOf: Effect.fnUntraced(function* (subject) {
      const rows = yield* orUnavailable(selectStreamsOf(subject))
      return rows.map(({ stream_id }) => stream_id)
    }),

    shareStream: Effect.fnUntraced(function* (one, other) {
      const [row] = yield* orUnavailable(selectShared({ one, other }))
      return row?.shared === true
    })
  } satisfies Pick<
    LogReading,
    | "readStream"
    | "readStreams"
    | "heads"
    | "headsOf"
    | "sampleStreams"
    | "holdsCommand"
    | "streamsOf"
    | "shareStream"
  >
})
