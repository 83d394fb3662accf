import { hash, randomUUID } from "node:crypto"
import { PgConnection } from "@effect/sql-pg"
import type { StreamId } from "@indelible/application/store/StreamId"
import { sealEvent } from "@indelible/infrastructure/envelope/SealEvent"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { sliceLockClass } from "@indelible/infrastructure/postgres/log/AppendFunction"
import { Effect, type Redacted, Schema } from "effect"
import { type NotebookState, notebook, owner } from "../../contract/Notebook.ts"

type RawEvent =
  | { readonly type: "PageTurned"; readonly page: number }
  | { readonly type: "NotebookLocked" }
  | { readonly type: "NotebookUnlocked" }

/** Where to break the protocol; without any of these, it is followed. */
export interface Breach {
  readonly slicePos?: number
  readonly streamPos?: number
  readonly commandKey?: string
  readonly header?: Uint8Array
  /** Leaves `stream` as it was. */
  readonly withoutStreamRow?: boolean
}

export interface RawWriter {
  readonly pid: number
  readonly run: PgConnection.PgConnection["query"]
  readonly begin: Effect.Effect<void>
  /** Waits for the slice's lock as any patient writer does. */
  readonly lock: (slice: number) => Effect.Effect<void>
  /** Appends to a stream within the open transaction; returns the positions. */
  readonly append: (
    stream: StreamId,
    event: RawEvent,
    breach?: Breach
  ) => Effect.Effect<{ readonly slicePos: number; readonly streamPos: number }>
  readonly commit: Effect.Effect<void>
  readonly rollback: Effect.Effect<void>
}

const decodeState = Schema.decodeUnknownSync(notebook.stored.codec)
const encodeState = Schema.encodeSync(notebook.stored.codec)

const asEvent = (event: RawEvent) =>
  event.type === "PageTurned"
    ? { type: event.type, facts: { page: event.page }, body: null }
    : { type: event.type, facts: {}, body: null }

/**
 * A stranger to the store's code who writes to the log by hand, statement by statement, and can stop anywhere: the lock
 * of the slice, then head and state, then the rows, then commit. All failures are defects.
 */
export const make = Effect.fn("RawWriter.make")(function* (url: Redacted.Redacted) {
  const connection = yield* Effect.orDie(PgConnection.make({ url, applicationName: "raw writer" }))
  const run = (statement: string, parameters: ReadonlyArray<unknown> = []) =>
    Effect.orDie(connection.query(statement, parameters))

  const standing = Effect.fnUntraced(function* (stream: StreamId) {
    const slice = sliceOf(stream)
    const head = yield* run("SELECT coalesce(max(slice_pos), 0) AS pos FROM event WHERE slice = $1", [slice])
    const row = yield* run(
      "SELECT stream_pos, state FROM stream WHERE slice = $1 AND stream_id = $2 FOR UPDATE",
      [slice, stream]
    )
    const state: NotebookState = row.rows[0] === undefined ? notebook.initial : decodeState(row.rows[0].state)
    return {
      slice,
      slicePos: Number(head.rows[0]?.pos),
      streamPos: Number(row.rows[0]?.stream_pos ?? 0),
      state
    }
  })

  const append: RawWriter["append"] = Effect.fnUntraced(function* (stream, raw, breach = {}) {
    const before = yield* standing(stream)
    const event = asEvent(raw)
    const {
      commandKey = `raw/${randomUUID()}`,
      slicePos = before.slicePos + 1,
      streamPos = before.streamPos + 1
    } = breach
    const recordedAt = new Date()
    const sealed = sealEvent(
      {
        ...event,
        streamId: stream,
        streamPos,
        schemaVersion: 1,
        recordedAt: recordedAt.toISOString(),
        actor: owner,
        participants: [],
        correlationId: "raw",
        causationId: null,
        node: "raw",
        client: "raw",
        commandKey,
        ordinal: 0
      },
      null,
      new Uint8Array(12)
    )
    const header = breach.header ?? sealed.headerBytes
    yield* run(
      `INSERT INTO event (slice, slice_pos, stream_id, stream_pos, type, schema_version, header, body, recorded_at,
         command_key, ordinal, header_hash)
       VALUES ($1, $2, $3, $4, $5, 1, $6, NULL, $7, $8, 0, $9)`,
      [
        before.slice,
        BigInt(slicePos),
        stream,
        BigInt(streamPos),
        event.type,
        header,
        recordedAt,
        commandKey,
        hash("sha256", header, "buffer")
      ]
    )
    if (breach.withoutStreamRow !== true) {
      const folded =
        raw.type === "PageTurned"
          ? { ...before.state, page: raw.page }
          : { ...before.state, locked: raw.type === "NotebookLocked" }
      yield* run(
        `INSERT INTO stream (slice, stream_id, stream_pos, recorded_at, state, state_version)
         VALUES ($1, $2, $3, $4, $5::text::jsonb, 1)
         ON CONFLICT (slice, stream_id) DO UPDATE SET stream_pos = excluded.stream_pos,
           recorded_at = excluded.recorded_at, state = excluded.state`,
        [before.slice, stream, BigInt(streamPos), recordedAt, JSON.stringify(encodeState(folded))]
      )
    }
    return { slicePos, streamPos }
  })

  return {
    pid: connection.processId,
    run: connection.query,
    begin: Effect.asVoid(run("BEGIN")),
    lock: (slice) => Effect.asVoid(run("SELECT pg_advisory_xact_lock($1, $2)", [sliceLockClass, slice])),
    append,
    commit: Effect.asVoid(run("COMMIT")),
    rollback: Effect.asVoid(run("ROLLBACK"))
  } satisfies RawWriter
})
