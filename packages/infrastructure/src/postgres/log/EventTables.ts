import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const partitions = Array.from({ length: 16 }, (_, i) => ({
  name: `event_${i.toString(16)}`,
  from: i * 16,
  to: i * 16 + 16
}))

const eventTable = `
CREATE TABLE event (
  slice smallint NOT NULL,
  -- Dense per slice from 1, given out under the slice's lock held to commit: visible in order, to everyone.
  slice_pos bigint NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  stream_pos bigint NOT NULL,
  type text NOT NULL,
  schema_version integer NOT NULL,
  -- The exact bytes that are hashed; the columns around it only repeat parts of it for queries.
  header bytea NOT NULL,
  body bytea,
  recorded_at timestamptz NOT NULL,
  command_key text COLLATE "C" NOT NULL,
  ordinal smallint NOT NULL,
  header_hash bytea NOT NULL,
  PRIMARY KEY (slice, slice_pos),
  -- Decides which of two writers at one position wins.
  UNIQUE (slice, stream_id, stream_pos),
  -- Decides that a command is stored once, for ever; also how a repeated one is found.
  UNIQUE (slice, stream_id, command_key, ordinal)
) PARTITION BY RANGE (slice)`

const streamTable = `
CREATE TABLE stream (
  slice smallint NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  stream_pos bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  -- The folded state a decision needs, of constant size. A row is rewritten with every append: room for HOT updates.
  state jsonb NOT NULL,
  state_version integer NOT NULL,
  PRIMARY KEY (slice, stream_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`

const participantTable = `
CREATE TABLE participant (
  subject_id uuid NOT NULL,
  slice smallint NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (subject_id, slice, stream_id)
)`

const refusal = `
CREATE FUNCTION refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are never changed or removed: % on % refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'The record is append-only; append a new event instead.';
END $$`

// A statement trigger on the parent does not fire for a statement that names a partition: each has its own. ALWAYS:
// session_replication_role must not switch it off.
const immutable = (table: string) => [
  `CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_record()`,
  `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER never_changed`
]

const statements = [
  eventTable,
  ...partitions.map(
    ({ from, name, to }) => `CREATE TABLE ${name} PARTITION OF event FOR VALUES FROM (${from}) TO (${to})`
  ),
  streamTable,
  participantTable,
  refusal,
  ...["event", ...partitions.map(({ name }) => name)].flatMap(immutable)
]

/** The event log: events in 16 partitions of 16 slices, stream states and participants. */
export const eventTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  for (const statement of statements) yield* sql.unsafe(statement)
})
