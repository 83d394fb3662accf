import { PgClient, PgTypes } from "@effect/sql-pg"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { Effect, Result } from "effect"

const { OID } = PgTypes
const array = (values: ReadonlyArray<unknown>, type: number) => Result.getOrThrow(PgTypes.array(values, type))

let next = 0

/** What a bare script would write for these events: the same bytes, into a table with the same columns and indexes. */
export const floorTable = Effect.gen(function* () {
  const sql = yield* PgClient.PgClient
  yield* sql`CREATE TABLE floor (LIKE event INCLUDING INDEXES)`
})

const columns = (sample: StoredEvent) => {
  const position = ++next
  return { sample, position, key: `${sample.header.commandKey}/${position}` }
}

/** One event, one INSERT, one commit. */
export const insertOne = Effect.fnUntraced(function* (event: StoredEvent) {
  const sql = yield* PgClient.PgClient
  const { key, position, sample } = columns(event)
  const { header } = sample
  yield* sql`
    INSERT INTO floor VALUES (${sample.slice}, ${BigInt(position)}, ${sample.streamId}, ${BigInt(position)}, ${header.type},
      ${header.schemaVersion}, ${sample.headerBytes}, ${sample.body}, ${new Date(header.recordedAt)}, ${key},
      ${header.ordinal}, ${sample.headerHash})`
})

/** A batch, one INSERT, one commit. */
export const insertBatch = Effect.fnUntraced(function* (events: ReadonlyArray<StoredEvent>) {
  const sql = yield* PgClient.PgClient
  const rows = events.map(columns)
  yield* sql`
    INSERT INTO floor SELECT * FROM unnest(
      ${array(
        rows.map(({ sample }) => sample.slice),
        OID.int2
      )},
      ${array(
        rows.map(({ position }) => BigInt(position)),
        OID.int8
      )},
      ${array(
        rows.map(({ sample }) => sample.streamId),
        OID.text
      )},
      ${array(
        rows.map(({ position }) => BigInt(position)),
        OID.int8
      )},
      ${array(
        rows.map(({ sample }) => sample.header.type),
        OID.text
      )},
      ${array(
        rows.map(({ sample }) => sample.header.schemaVersion),
        OID.int4
      )},
      ${array(
        rows.map(({ sample }) => sample.headerBytes),
        OID.bytea
      )},
      ${array(
        rows.map(({ sample }) => sample.body),
        OID.bytea
      )},
      ${array(
        rows.map(({ sample }) => new Date(sample.header.recordedAt)),
        OID.timestamptz
      )},
      ${array(
        rows.map(({ key }) => key),
        OID.text
      )},
      ${array(
        rows.map(({ sample }) => sample.header.ordinal),
        OID.int2
      )},
      ${array(
        rows.map(({ sample }) => sample.headerHash),
        OID.bytea
      )})`
})
