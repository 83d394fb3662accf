import { assert, describe, it } from "@effect/vitest"
import type { People, PersonDetails } from "@indelible/application/people/People"
import { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Option, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"

export interface Directory {
  readonly people: People["Service"]
  /** What the erasure of a person will do to their row. */
  readonly erase: (userId: string) => Effect.Effect<unknown, unknown>
}

const ada: PersonDetails = {
  name: "Ada 👩🏽‍💻 Žižková",
  email: "ada@example.org",
  role: "worker",
  status: "active"
}
const bob: PersonDetails = { name: "Bob", email: "bob@example.org", role: "business", status: "active" }

/** @param make an empty directory whose `changedSince` answers pages of `pageSize` */
export const peopleContract = <E>(
  adapter: string,
  make: (options: { readonly pageSize: number }) => Effect.Effect<Directory, E, Scope.Scope>
) =>
  describe(`People on ${adapter}`, () => {
    const scenario = <F>(
      name: string,
      body: (directory: Directory) => Effect.Effect<void, F>,
      pageSize = 100
    ) => it.effect(name, () => Effect.flatMap(make({ pageSize }), body))

    scenario("gives a person one pseudonym and finds them by it and by their id", ({ people }) =>
      Effect.gen(function* () {
        const put = yield* people.put("user/ada", ada)
        assert(Schema.is(SubjectId)(put.subject))
        assert.deepStrictEqual(put, { ...ada, subject: put.subject, userId: "user/ada", signedOutAt: 0 })
        const other = yield* people.put("user/bob", bob)
        assert.notStrictEqual(other.subject, put.subject)
        assert.deepStrictEqual(yield* people.byUserId("user/ada"), Option.some(put))
        const stranger = SubjectId.make("5b7c0000-0000-4000-8000-000000000001")
        const found = yield* people.bySubjects([put.subject, stranger, other.subject])
        assert.deepStrictEqual(
          found,
          new Map([
            [put.subject, put],
            [other.subject, other]
          ])
        )
      })
    )

    scenario("knows nobody it was not told of", ({ people }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* people.byUserId("user/nobody"), Option.none())
        assert.deepStrictEqual(yield* people.byUserId("user\0"), Option.none())
        assert.deepStrictEqual(yield* people.signOut("user/nobody"), Option.none())
        assert.strictEqual((yield* people.bySubjects([])).size, 0)
      })
    )

    scenario("replaces all details by a later put, the role too", ({ people }) =>
      Effect.gen(function* () {
        const before = yield* people.put("user/ada", ada)
        yield* TestClock.adjust("1 hour")
        yield* people.signOut("user/ada")
        const after = yield* people.put("user/ada", { ...bob, status: "suspended" })
        assert.deepStrictEqual(after, {
          ...bob,
          status: "suspended",
          subject: before.subject,
          userId: "user/ada",
          signedOutAt: 3_600_000
        })
        assert.deepStrictEqual(yield* people.byUserId("user/ada"), Option.some(after))
      })
    )

    scenario(
      "agrees on one pseudonym when a person is put first many times at the same instant",
      ({ people }) =>
        Effect.gen(function* () {
          const puts = Array.from({ length: 16 }, (_, n) =>
            people.put("user/ada", { ...ada, name: `Ada ${n % 4}` })
          )
          const persons = yield* Effect.all(puts, { concurrency: "unbounded" })
          assert.strictEqual(new Set(persons.map(({ subject }) => subject)).size, 1)
          // Each answer is what that put stored, whoever came after.
          assert.deepStrictEqual(
            persons.map(({ name }) => name),
            persons.map((_, n) => `Ada ${n % 4}`)
          )
          assert.lengthOf((yield* people.changedSince(0)).people, 1)
        })
    )

    scenario("signs out at the present moment, and never back to an earlier one", ({ people }) =>
      Effect.gen(function* () {
        yield* people.put("user/ada", ada)
        yield* TestClock.setTime(1_800_000_000_123)
        const signedOut = Option.getOrThrow(yield* people.signOut("user/ada"))
        assert.strictEqual(signedOut.signedOutAt, 1_800_000_000_123)
        yield* TestClock.setTime(1_799_000_000_000)
        assert.deepStrictEqual(yield* people.signOut("user/ada"), Option.some(signedOut))
      })
    )

    scenario("6.5 an erased person reads as absent, and their id never comes back", ({ erase, people }) =>
      Effect.gen(function* () {
        const gone = yield* people.put("user/ada", ada)
        const kept = yield* people.put("user/bob", bob)
        yield* erase("user/ada")
        assert.deepStrictEqual(yield* people.byUserId("user/ada"), Option.none())
        assert.deepStrictEqual(yield* people.signOut("user/ada"), Option.none())
        assert.deepStrictEqual(
          yield* people.bySubjects([gone.subject, kept.subject]),
          new Map([[kept.subject, kept]])
        )
        for (const details of [ada, bob]) {
          const error = yield* Effect.flip(people.put("user/ada", details))
          assert(error._tag === "PersonErased")
          assert.strictEqual(error.userId, "user/ada")
        }
        assert.deepStrictEqual(yield* people.put("user/bob", bob), kept)
      })
    )

    scenario("names those who may sign in, the most recently changed first", ({ erase, people }) =>
      Effect.gen(function* () {
        for (const name of ["a", "b", "c", "d", "e"]) yield* people.put(`user/${name}`, { ...ada, name })
        yield* people.put("user/b", { ...ada, name: "b", status: "suspended" })
        yield* people.put("user/a", { ...ada, name: "a, again" })
        yield* erase("user/d")
        const names = (limit: number) =>
          Effect.map(people.newest(limit), (found) => found.map(({ name }) => name))
        assert.deepStrictEqual(yield* names(10), ["a, again", "e", "c"])
        assert.deepStrictEqual(yield* names(2), ["a, again", "e"])
      })
    )

    scenario("tells each change once, oldest first, as the person is now", ({ erase, people }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* people.changedSince(0), { cursor: 0, people: [] })
        yield* people.put("user/ada", ada)
        const second = yield* people.put("user/bob", bob)
        const third = yield* people.put("user/ada", { ...ada, status: "suspended" })
        const first = yield* people.changedSince(0)
        assert.deepStrictEqual(first.people, [second, third])

        yield* people.put("user/bob", bob)
        assert.deepStrictEqual(yield* people.changedSince(first.cursor), { ...first, people: [] })
        assert.deepStrictEqual(yield* people.changedSince(Number.MAX_SAFE_INTEGER), { ...first, people: [] })

        const signedOut = Option.getOrThrow(yield* people.signOut("user/ada"))
        const next = yield* people.changedSince(first.cursor)
        assert.deepStrictEqual(next.people, [signedOut])

        yield* erase("user/bob")
        assert.deepStrictEqual((yield* people.changedSince(next.cursor)).people, [
          {
            subject: second.subject,
            userId: "",
            name: "",
            email: "",
            role: "business",
            status: "left",
            signedOutAt: 0
          }
        ])
      })
    )

    scenario(
      "tells changes in pages, every one of them",
      ({ people }) =>
        Effect.gen(function* () {
          for (let n = 0; n < 7; n++) yield* people.put(`user/${n}`, bob)
          const sizes: Array<number> = []
          const told = new Set<string>()
          for (let cursor = 0, size = 1; size > 0; ) {
            const page = yield* people.changedSince(cursor)
            for (const { userId } of page.people) told.add(userId)
            size = page.people.length
            sizes.push(size)
            cursor = page.cursor
          }
          assert.deepStrictEqual(sizes, [3, 3, 1, 0])
          assert.strictEqual(told.size, 7)
        }),
      3
    )

    scenario("skips no change while many are written at once", ({ people }) =>
      Effect.gen(function* () {
        const told = new Map<string, string>()
        let writing = true
        const follow = Effect.gen(function* () {
          for (let cursor = 0, done = false; !done; ) {
            const finished = !writing
            const page = yield* people.changedSince(cursor)
            for (const { name, userId } of page.people) told.set(userId, name)
            done = finished && page.people.length === 0
            cursor = page.cursor
            yield* Effect.yieldNow
          }
        })
        const writer = (who: number) =>
          Effect.forEach(
            Array.from({ length: 30 }, (_, n) => n),
            (n) => people.put(`user/${(who + n) % 10}`, { ...bob, name: `${who}-${n}` })
          )
        const write = Effect.forEach([0, 1, 2, 3, 4], writer, { concurrency: 5 }).pipe(
          Effect.ensuring(
            Effect.sync(() => {
              writing = false
            })
          )
        )
        yield* Effect.all([follow, write], { concurrency: 2 })
        for (let n = 0; n < 10; n++) {
          const now = Option.getOrThrow(yield* people.byUserId(`user/${n}`))
          assert.strictEqual(told.get(now.userId), now.name)
        }
      })
    )
  })
