import { People, type Person, PersonErased } from "@indelible/application/people/People"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect, Equal, Layer, Option } from "effect"
import { SecureRandom } from "effect/crypto"

interface Entry {
  readonly person: Person
  readonly change: number
  readonly erased: boolean
}

/** People in this process only. `erase` does to a person what erasing their row does in a database. */
export const make = Effect.fnUntraced(function* (options?: { readonly pageSize?: number }) {
  const random = yield* SecureRandom.SecureRandom
  const pageSize = options?.pageSize ?? 1000
  const entries = new Map<string, Entry>()
  let changes = 0

  const write = (userId: string, person: Person, erased = false) => {
    changes += 1
    entries.set(userId, { person, change: changes, erased })
    return person
  }

  const known = (userId: string): Option.Option<Person> => {
    const entry = entries.get(userId)
    return entry === undefined || entry.erased ? Option.none() : Option.some(entry.person)
  }

  const people = People.of({
    put: Effect.fnUntraced(function* (userId, { email, name, role, status }) {
      const fresh = SubjectId.make(yield* random.uuidV4())
      const entry = entries.get(userId)
      if (entry?.erased) return yield* new PersonErased({ userId })
      const before = entry?.person ?? { subject: fresh, userId, signedOutAt: 0 }
      const after = { ...before, name, email, role, status }
      return Equal.equals(before, after) ? after : write(userId, after)
    }),
    byUserId: (userId) => Effect.sync(() => known(userId)),
    bySubjects: (subjects) =>
      Effect.sync(() => {
        const wanted = new Set(subjects)
        const found = [...entries.values()].filter(
          ({ erased, person }) => !erased && wanted.has(person.subject)
        )
        return new Map(found.map(({ person }) => [person.subject, person]))
      }),
    newest: (limit) =>
      Effect.sync(() =>
        [...entries.values()]
          .filter(({ erased, person }) => !erased && person.status === "active")
          .sort((a, b) => b.change - a.change)
          .slice(0, limit)
          .map(({ person }) => person)
      ),
    signOut: (userId) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        Option.map(known(userId), (person) =>
          write(userId, { ...person, signedOutAt: Math.max(person.signedOutAt, now) })
        )
      ),
    changedSince: (cursor) =>
      Effect.sync(() => {
        const changed = [...entries.values()]
          .filter(({ change }) => change > cursor)
          .sort((a, b) => a.change - b.change)
        const page = changed.slice(0, pageSize)
        const last = page.length === pageSize ? page.at(-1)?.change : undefined
        return { cursor: last ?? changes, people: page.map(({ person }) => person) }
      })
  })

  const erase = (userId: string) =>
    Effect.sync(() =>
      Option.map(known(userId), (person) =>
        write(userId, { ...person, name: "", email: "", userId: "", status: "left" }, true)
      )
    )

  return { people, erase }
})

export const layer = Layer.effect(
  People,
  Effect.map(make(), ({ people }) => people)
)
