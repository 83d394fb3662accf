import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect, type Option, Schema } from "effect"

export const Role = Schema.Literals(["business", "worker", "compliance", "engineer"])
export type Role = typeof Role.Type
export const PersonStatus = Schema.Literals(["active", "suspended", "left"])
export type PersonStatus = typeof PersonStatus.Type

/** The database that holds people and applications cannot be reached. */
export class DirectoryUnavailable extends Schema.TaggedError<DirectoryUnavailable>()("DirectoryUnavailable", {
  cause: Schema.Defect()
}) {}

/** This platform id belonged to someone who was erased: it never comes back. */
export class PersonErased extends Schema.TaggedError<PersonErased>()("PersonErased", {
  userId: Schema.String
}) {}

export interface PersonDetails {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly status: PersonStatus
}

export interface Person extends PersonDetails {
  readonly subject: SubjectId
  /** The surrounding platform's id, opaque to us. */
  readonly userId: string
  /** Epoch milliseconds; tokens issued at or before it are refused. 0: never signed out. */
  readonly signedOutAt: number
}

/**
 * The people of the surrounding platform, fed by its integration API. This table is the vault: the only place where a
 * pseudonym meets a name, so that erasing a row unnames the person everywhere.
 *
 * - A `userId` gets one `SubjectId`, at its first `put`, and keeps it; two first puts at once agree.
 * - A later `put` replaces all details, the role too; conversations keep the sides they were started with. One that
 *   changes nothing is no change.
 * - After erasure `put` fails with `PersonErased` and the person reads as absent.
 */
export class People extends Context.Service<
  People,
  {
    readonly put: (
      userId: string,
      details: PersonDetails
    ) => Effect.Effect<Person, PersonErased | DirectoryUnavailable>
    readonly byUserId: (userId: string) => Effect.Effect<Option.Option<Person>, DirectoryUnavailable>
    /** Those of `subjects` that still have a name here; for showing, one query for a page. */
    readonly bySubjects: (
      subjects: ReadonlyArray<SubjectId>
    ) => Effect.Effect<ReadonlyMap<SubjectId, Person>, DirectoryUnavailable>
    /** Those who may sign in, the most recently changed first, at most `limit`. */
    readonly newest: (limit: number) => Effect.Effect<ReadonlyArray<Person>, DirectoryUnavailable>
    /** Ends every session that began at or before now. Unknown or erased: answers none. */
    readonly signOut: (userId: string) => Effect.Effect<Option.Option<Person>, DirectoryUnavailable>
    /**
     * Who changed after `cursor` (a counter of changes), each once as they are now, oldest change first and a page at a
     * time: ask again until it is empty. For nodes that close sockets of the suspended. No change is ever skipped,
     * however many are written at once. Someone erased is among them as `left`, with `name`, `email` and `userId`
     * empty. A cursor beyond the newest change is answered with the newest one, so `Number.MAX_SAFE_INTEGER` asks
     * where to begin.
     */
    readonly changedSince: (
      cursor: number
    ) => Effect.Effect<
      { readonly cursor: number; readonly people: ReadonlyArray<Person> },
      DirectoryUnavailable
    >
  }
>()("@indelible/application/people/People") {}
