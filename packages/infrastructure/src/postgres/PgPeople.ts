import { People, type Person, type PersonDetails, PersonErased } from "@indelible/application/people/People"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Array, Clock, Effect, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { SqlClient } from "effect/sql"
import { InstallationKey } from "../keys/InstallationKey.ts"
import { personLookup } from "./PersonLookup.ts"
import { orUnavailable, personColumns, personOf, personRows } from "./PersonRow.ts"

const same = (person: Person, details: PersonDetails) =>
  person.name === details.name &&
  person.email === details.email &&
  person.role === details.role &&
  person.status === details.status

/** @param options.pageSize how many people `changedSince` answers at most; 1,000 */
export const make = Effect.fn("PgPeople.make")(function* (options?: { readonly pageSize?: number }) {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const installation = yield* InstallationKey
  const pageSize = options?.pageSize ?? 1000

  const hashOf = (userId: string) => installation.mac("user-id", userId)
  const columns = sql.literal(personColumns)
  /** The number of a change. Taken first, so that its row is locked before a person's: two writers cannot deadlock. */
  const next = sql.literal("next AS (UPDATE vault.person_change SET last = last + 1 RETURNING last)")

  const byHash = (hash: Uint8Array) =>
    Effect.map(
      personRows(sql`
        SELECT ${columns}
        FROM vault.person
        WHERE user_id_hash = ${hash}`),
      Array.head
    )

  /** None: the person was erased, perhaps this instant. */
  const save = Effect.fnUntraced(function* (userId: string, hash: Uint8Array, details: PersonDetails) {
    const { email, name, role, status } = details
    const rows = yield* personRows(sql`
      WITH ${next}
      INSERT INTO vault.person (subject_id, user_id_hash, user_id, name, email, role, status, change)
      SELECT
        ${yield* random.uuidV4()}::uuid, ${hash}::bytea, ${userId}::text, ${name}::text, ${email}::text,
        ${role}::text, ${status}::text, next.last
      FROM next
      ON CONFLICT (user_id_hash) DO UPDATE
      SET name = EXCLUDED.name, email = EXCLUDED.email, role = EXCLUDED.role, status = EXCLUDED.status,
        change = EXCLUDED.change
      WHERE person.erased_at IS NULL
      RETURNING ${columns}`)
    return Array.head(rows)
  })

  return People.of({
    put: Effect.fn("PgPeople.put")(function* (userId, details) {
      const hash = hashOf(userId)
      const known = yield* byHash(hash)
      // The platform sends everyone again and again; only a change takes the lock that all changes share.
      const current = Option.isSome(known) ? known : yield* save(userId, hash, details)
      if (Option.isNone(current) || current.value.erased) return yield* new PersonErased({ userId })
      if (same(current.value, details)) return personOf(current.value)
      const saved = yield* save(userId, hash, details)
      return Option.isSome(saved) ? personOf(saved.value) : yield* new PersonErased({ userId })
    }),

    byUserId: yield* personLookup,

    bySubjects: Effect.fn("PgPeople.bySubjects")(function* (subjects) {
      if (subjects.length === 0) return new Map<SubjectId, Person>()
      const rows = yield* personRows(sql`
        SELECT ${columns}
        FROM vault.person
        WHERE subject_id = ANY(${subjects}::uuid[]) AND erased_at IS NULL`)
      return new Map(rows.map((row) => [row.subject, personOf(row)]))
    }),

    newest: Effect.fn("PgPeople.newest")(function* (limit) {
      const rows = yield* personRows(sql`
        SELECT ${columns}
        FROM vault.person
        WHERE status = 'active' AND erased_at IS NULL
        ORDER BY change DESC
        LIMIT ${limit}`)
      return rows.map(personOf)
    }),

    signOut: Effect.fn("PgPeople.signOut")(function* (userId) {
      const now = yield* Clock.currentTimeMillis
      const rows = yield* personRows(sql`
        WITH ${next}
        UPDATE vault.person
        SET signed_out_at = GREATEST(signed_out_at, ${now}::bigint), change = next.last
        FROM next
        WHERE user_id_hash = ${hashOf(userId)} AND erased_at IS NULL
        RETURNING ${columns}`)
      return Option.map(Array.head(rows), personOf)
    }),

    changedSince: Effect.fn("PgPeople.changedSince")(function* (cursor) {
      // One statement, one snapshot: everything up to `last` is in it.
      const [page] = yield* orUnavailable(sql<{ cursor: number; people: ReadonlyArray<unknown> }>`
        WITH page AS (
          SELECT person.change, ${columns}
          FROM vault.person
          WHERE change > ${cursor}::bigint
          ORDER BY change
          LIMIT ${pageSize}
        )
        SELECT
          (CASE WHEN count(page.change) = ${pageSize} THEN max(page.change) ELSE last END)::float8 AS cursor,
          COALESCE(jsonb_agg(to_jsonb(page) ORDER BY page.change) FILTER (WHERE page.change IS NOT NULL), '[]') AS people
        FROM vault.person_change LEFT JOIN page ON true
        GROUP BY last`)
      if (page === undefined) return yield* Effect.die(new Error("vault.person_change lost its row"))
      return { cursor: page.cursor, people: (yield* personRows(Effect.succeed(page.people))).map(personOf) }
    })
  })
})

export const layer = Layer.effect(People, make())
