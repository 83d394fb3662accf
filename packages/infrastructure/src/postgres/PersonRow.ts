import { DirectoryUnavailable, type Person, PersonStatus, Role } from "@indelible/application/people/People"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Schema } from "effect"
import type { SqlError } from "effect/sql"

const PersonRow = Schema.Struct({
  subject: SubjectId,
  userId: Schema.String,
  name: Schema.String,
  email: Schema.String,
  role: Role,
  status: PersonStatus,
  signedOutAt: Schema.Number,
  erased: Schema.Boolean
})
type PersonRow = typeof PersonRow.Type

/**
 * What a query for people selects. Erased columns read as empty text. float8 holds every millisecond exactly up to
 * 2^53, and arrives as a number.
 */
export const personColumns = `
  person.subject_id AS subject,
  COALESCE(person.user_id, '') AS "userId",
  COALESCE(person.name, '') AS name,
  COALESCE(person.email, '') AS email,
  person.role,
  CASE WHEN person.erased_at IS NULL THEN person.status ELSE 'left' END AS status,
  person.signed_out_at::float8 AS "signedOutAt",
  person.erased_at IS NOT NULL AS erased`

export const personOf = ({ erased: _, ...person }: PersonRow): Person => person

const decode = Schema.decodeUnknownEffect(Schema.Array(PersonRow))

export const orUnavailable = Effect.mapError(
  (cause: SqlError.SqlError) => new DirectoryUnavailable({ cause })
)

/** Rows of a query for `personColumns`. One that does not decode is a bug here, not an outage. */
export const personRows = (query: Effect.Effect<ReadonlyArray<unknown>, SqlError.SqlError>) =>
  orUnavailable(query).pipe(Effect.flatMap((rows) => Effect.orDie(decode(rows))))
