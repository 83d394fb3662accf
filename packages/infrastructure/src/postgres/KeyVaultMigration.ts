import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Migrations } from "./Migrations.ts"

/**
 * Schema `vault`: wrapped keys, and later people. Its rows can be changed and destroyed, unlike those of the log, so it
 * is backed up apart from it and its backups are kept for 30 days at most: a key in an old backup is not destroyed.
 */
const createVault = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE SCHEMA IF NOT EXISTS vault`
  // A destroyed key keeps its row, so that it is never made again.
  yield* sql`
    CREATE TABLE vault.content_key (
      key_id text PRIMARY KEY CHECK (key_id ~ '^[^/]+/[0-9]{4}-Q[1-4]/[0-9a-f]{16}$'),
      subject_id text NOT NULL GENERATED ALWAYS AS (split_part(key_id, '/', 1)) STORED,
      quarter text NOT NULL GENERATED ALWAYS AS (split_part(key_id, '/', 2)) STORED,
      wrapped bytea,
      created_at timestamptz NOT NULL,
      destroyed_at timestamptz,
      CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
    )`
  // The key that new content is written under, or whose destruction forbids it: the first one of its person and quarter.
  // Apart from the keys, so that a lost one can come back beside it as a plain row.
  yield* sql`
    CREATE TABLE vault.current_key (
      key_id text NOT NULL UNIQUE REFERENCES vault.content_key,
      subject_id text NOT NULL GENERATED ALWAYS AS (split_part(key_id, '/', 1)) STORED,
      quarter text NOT NULL GENERATED ALWAYS AS (split_part(key_id, '/', 2)) STORED,
      PRIMARY KEY (subject_id, quarter)
    )`
  // Erasure and holds ask for all keys of a person.
  yield* sql`CREATE INDEX content_key_subject ON vault.content_key (subject_id)`
  yield* sql`
    CREATE TABLE vault.installation (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      wrapped bytea NOT NULL,
      created_at timestamptz NOT NULL
    )`
})

export const keyVaultMigrations: Migrations = { "0010_key_vault": createVault }
