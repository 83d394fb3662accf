import {
  DirectoryUnavailable,
  People,
  type Person,
  type PersonDetails
} from "@indelible/application/people/People"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Duration, Effect, Layer, Option } from "effect"

/** People whose directory can be cut off, slowed and counted from the test. */
export const make = () => {
  const rows = new Map<string, { readonly person: Person; readonly change: number }>()
  let changes = 0
  const state = { down: false, broken: false, delay: Duration.zero, asked: 0, pageSize: 1_000 }

  const write = (person: Person) => {
    changes += 1
    rows.set(person.userId, { person, change: changes })
    return person
  }

  const answering = <A>(answer: () => A) =>
    Effect.gen(function* () {
      state.asked += 1
      if (state.broken) return yield* Effect.die(new Error("a row that no longer decodes"))
      if (state.down) return yield* new DirectoryUnavailable({ cause: new Error("connection refused") })
      const read = answer()
      yield* Effect.sleep(state.delay)
      return read
    })

  const person = (userId: string) => Option.fromNullishOr(rows.get(userId)?.person)

  const people = People.of({
    put: (userId, details: PersonDetails) =>
      Effect.sync(() => {
        const known = rows.get(userId)?.person
        const subject = known?.subject ?? SubjectId.make(crypto.randomUUID())
        return write({ ...details, userId, subject, signedOutAt: known?.signedOutAt ?? 0 })
      }),
    byUserId: (userId) => answering(() => person(userId)),
    bySubjects: () => Effect.succeed(new Map()),
    newest: () => Effect.succeed([]),
    signOut: (userId) =>
      Effect.map(Clock.currentTimeMillis, (signedOutAt) =>
        Option.map(person(userId), (known) => write({ ...known, signedOutAt }))
      ),
    changedSince: (cursor) =>
      answering(() => {
        const page = [...rows.values()]
          .filter(({ change }) => change > cursor)
          .sort((a, b) => a.change - b.change)
          .slice(0, state.pageSize)
        return { cursor: page.at(-1)?.change ?? cursor, people: page.map(({ person }) => person) }
      })
  })

  return {
    people,
    state,
    erase: (userId: string) => rows.delete(userId),
    layer: Layer.succeed(People, people)
  }
}

export const someone: PersonDetails = {
  name: "Ada",
  email: "ada@example.org",
  role: "worker",
  status: "active"
}
