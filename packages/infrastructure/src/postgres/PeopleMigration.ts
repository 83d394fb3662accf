import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Migrations } from "./Migrations.ts"

/** People and their applications: with the keys, the rows that may change and be erased. */
const createPeople = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Erasing empties the three columns and leaves the hash, which recognises a platform id that comes again and, made
  // with the installation key, tells it to nobody. The hash is there from the start because it decides who is who
  // when two first puts race: a second unique column beside it could fail such a race instead.
  yield* sql`
    CREATE TABLE vault.person (
      subject_id uuid PRIMARY KEY,
      user_id_hash bytea NOT NULL UNIQUE,
      user_id text,
      name text,
      email text,
      role text NOT NULL CHECK (role IN ('business', 'worker', 'compliance', 'engineer')),
      status text NOT NULL CHECK (status IN ('active', 'suspended', 'left')),
      signed_out_at bigint NOT NULL DEFAULT 0,
      erased_at timestamptz,
      change bigint NOT NULL UNIQUE,
      CONSTRAINT person_named_until_erased CHECK (
        CASE WHEN erased_at IS NULL
          THEN user_id IS NOT NULL AND name IS NOT NULL AND email IS NOT NULL
          ELSE user_id IS NULL AND name IS NULL AND email IS NULL
        END
      )
    )`
  // A sequence would show number 8 while 7 is not committed yet, and whoever read 8 would never see 7. This row is
  // locked until its writer commits, so numbers become visible in order.
  yield* sql`
    CREATE TABLE vault.person_change (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      last bigint NOT NULL
    )`
  yield* sql`INSERT INTO vault.person_change (last) VALUES (0)`
  // A user id becomes NULL when that person is erased.
  yield* sql`
    CREATE TABLE vault.application (
      application_id text PRIMARY KEY,
      business_user_id text,
      worker_user_id text,
      status text NOT NULL CHECK (status IN ('open', 'withdrawn'))
    )`
  // Erasure asks for all of a person's.
  yield* sql`CREATE INDEX application_business ON vault.application (business_user_id)`
  yield* sql`CREATE INDEX application_worker ON vault.application (worker_user_id)`
})

export const peopleMigrations: Migrations = { "0011_people": createPeople }
