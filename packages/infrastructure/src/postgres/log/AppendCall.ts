import { type PgConnection, PgTypes } from "@effect/sql-pg"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import type { StreamId } from "@indelible/application/store/StreamId"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Result, Schema } from "effect"
import type { SealedEvent } from "../../envelope/SealEvent.ts"
import { beforeTheFirst, type StreamPosition } from "../../eventstore/StreamPosition.ts"
import { toStored } from "./EventRow.ts"

/** What a call asks of one stream: append these events if it stands where we think and none of the keys is known. */
export interface StreamRequest {
  readonly stream: StreamId
  readonly slice: number
  /** Position it was decided on. */
  readonly expected: number
  /** Where it will stand; its state is stored with the events. */
  readonly next: StreamPosition
  readonly commandKeys: ReadonlyArray<string>
  /** None: only check. */
  readonly events: ReadonlyArray<SealedEvent>
  readonly joining: ReadonlyArray<SubjectId>
}

export type Verdict =
  /** Appended, or, without events, confirmed. `slicePos`: of the first event, or of the slice's newest. */
  | { readonly _tag: "Ok"; readonly slicePos: number }
  /** It stands elsewhere; nothing was appended. */
  | { readonly _tag: "Moved"; readonly position: StreamPosition }
  /** Some keys are in the log; nothing was appended. `events`: those of the known keys. */
  | {
      readonly _tag: "Known"
      readonly position: StreamPosition
      readonly slicePos: number
      readonly events: ReadonlyArray<StoredEvent>
    }
  /** Someone else has it. */
  | { readonly _tag: "Busy"; readonly taken: "slice" | "row" }
  /** What the log answered does not decode: that is damage. */
  | { readonly _tag: "Unreadable"; readonly defect: unknown }

export const appendStatement = `SELECT * FROM append_events(${Array.from({ length: 20 }, (_, i) => `$${i + 1}`).join(", ")})`

const { OID } = PgTypes
const array = (values: ReadonlyArray<unknown>, elementType: number) =>
  Result.getOrThrow(PgTypes.array(values, elementType))

/** @param patience milliseconds to wait for each lock; 0 takes what is free. */
export const appendParameters = (
  requests: ReadonlyArray<StreamRequest>,
  patience: number
): ReadonlyArray<unknown> => {
  const events = requests.flatMap(({ events }, i) => events.map((event) => ({ ...event, at: i + 1 })))
  const keys = requests.flatMap(({ commandKeys }, i) => commandKeys.map((key) => ({ key, at: i + 1 })))
  const joining = requests.flatMap(({ joining }, i) => joining.map((subject) => ({ subject, at: i + 1 })))
  return [
    patience,
    array(
      requests.map(({ slice }) => slice),
      OID.int2
    ),
    array(
      requests.map(({ stream }) => stream),
      OID.text
    ),
    array(
      requests.map(({ expected }) => BigInt(expected)),
      OID.int8
    ),
    array(
      requests.map(({ next }) => new Date(next.recordedAt || 0)),
      OID.timestamptz
    ),
    array(
      requests.map(({ next }) => JSON.stringify(next.state)),
      OID.text
    ),
    array(
      requests.map(({ next }) => next.stateVersion),
      OID.int4
    ),
    array(
      keys.map(({ at }) => at),
      OID.int4
    ),
    array(
      keys.map(({ key }) => key),
      OID.text
    ),
    array(
      events.map(({ at }) => at),
      OID.int4
    ),
    array(
      events.map(({ header }) => BigInt(header.streamPos)),
      OID.int8
    ),
    array(
      events.map(({ header }) => header.type),
      OID.text
    ),
    array(
      events.map(({ header }) => header.schemaVersion),
      OID.int4
    ),
    array(
      events.map(({ headerBytes }) => headerBytes),
      OID.bytea
    ),
    array(
      events.map(({ body }) => body),
      OID.bytea
    ),
    array(
      events.map(({ header }) => header.commandKey),
      OID.text
    ),
    array(
      events.map(({ header }) => header.ordinal),
      OID.int2
    ),
    array(
      events.map(({ headerHash }) => headerHash),
      OID.bytea
    ),
    array(
      joining.map(({ at }) => at),
      OID.int4
    ),
    array(
      joining.map(({ subject }) => subject),
      OID.uuid
    )
  ]
}

const Row = Schema.Struct({
  stream: Schema.Int,
  outcome: Schema.Literals(["ok", "moved", "known", "slice-busy", "stream-busy", "event"]),
  pos: Schema.NullOr(Schema.BigInt),
  recorded_at: Schema.NullOr(Schema.Date),
  state: Schema.NullOr(Schema.String),
  state_version: Schema.NullOr(Schema.Int),
  slice_pos: Schema.NullOr(Schema.BigInt),
  header: Schema.NullOr(Schema.Uint8Array),
  header_hash: Schema.NullOr(Schema.Uint8Array),
  body: Schema.NullOr(Schema.Uint8Array)
})
type Row = typeof Row.Type
const decodeRows = Schema.decodeUnknownSync(Schema.Array(Row))

const positionOf = ({ pos, recorded_at, state, state_version }: Row): StreamPosition =>
  pos === null || recorded_at === null || state === null || state_version === null
    ? beforeTheFirst
    : {
        pos: Number(pos),
        recordedAt: recorded_at.toISOString(),
        state: JSON.parse(state),
        stateVersion: state_version
      }

const storedEvent = (
  slice: number,
  { body, header, header_hash, slice_pos }: Row
): ReadonlyArray<StoredEvent> =>
  header === null || header_hash === null || slice_pos === null
    ? []
    : [toStored({ slice, slice_pos, header, header_hash, body })]

const verdictOf = (request: StreamRequest, rows: ReadonlyArray<Row>): Verdict => {
  const row = rows.find(({ outcome }) => outcome !== "event")
  switch (row?.outcome) {
    case "ok":
      return { _tag: "Ok", slicePos: Number(row.slice_pos) }
    case "moved":
      return { _tag: "Moved", position: positionOf(row) }
    case "known":
      return {
        _tag: "Known",
        position: positionOf(row),
        slicePos: Number(row.slice_pos),
        events: rows
          .filter(({ outcome }) => outcome === "event")
          .flatMap((event) => storedEvent(request.slice, event))
      }
    case "stream-busy":
      return { _tag: "Busy", taken: "row" }
    case "slice-busy":
      return { _tag: "Busy", taken: "slice" }
    default:
      throw new Error(`no verdict on ${request.stream}`)
  }
}

/** One verdict a request. Never throws: what one stream's rows hold is no other stream's business. */
export const readVerdicts = <R extends StreamRequest>(
  requests: ReadonlyArray<R>,
  answer: ReadonlyArray<PgConnection.Row>
): ReadonlyArray<{ readonly request: R; readonly verdict: Verdict }> => {
  const byStream = Map.groupBy(answer, ({ stream }) => stream)
  return requests.map((request, i) => {
    try {
      return { request, verdict: verdictOf(request, decodeRows(byStream.get(i + 1) ?? [])) }
    } catch (defect) {
      return { request, verdict: { _tag: "Unreadable", defect } }
    }
  })
}
