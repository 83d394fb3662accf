import { Applications, type JobApplication } from "@indelible/application/people/Applications"
import { People, type Person } from "@indelible/application/people/People"
import { readable } from "@indelible/domain/text/ReadableText"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { Effect, Option } from "effect"
import * as Refusals from "./Refusals.ts"

/** More would be a list to search in, not one to choose from. */
const mostPeople = 50
const mostApplications = 1_000

const otherOf = ({ businessUserId, workerUserId }: JobApplication, userId: string) =>
  businessUserId === userId ? workerUserId : workerUserId === userId ? businessUserId : undefined

/** Whom one may be at the development sign-in, the most recently changed first. */
export const developmentPeople = Effect.gen(function* () {
  const people = yield* People
  const applications = yield* Applications
  const inbox = yield* Inbox

  /** Names of the people of applications; who was erased meanwhile has none. */
  const namesIn = Effect.fnUntraced(function* (all: ReadonlyArray<JobApplication>) {
    const userIds = [
      ...new Set(all.flatMap(({ businessUserId, workerUserId }) => [businessUserId, workerUserId]))
    ]
    const found = yield* Effect.forEach(userIds, people.byUserId, { concurrency: "unbounded" })
    return new Map(
      found.flatMap((person) =>
        Option.isSome(person) ? [[person.value.userId, readable(person.value.name)] as const] : []
      )
    )
  })

  return Effect.fnUntraced(
    function* () {
      const newest = yield* people.newest(mostPeople)
      const userIds = newest.map(({ userId }) => userId)
      const [counts, open] = yield* Effect.all(
        [inbox.counts(newest.map(({ subject }) => subject)), applications.openOf(userIds, mostApplications)],
        { concurrency: "unbounded" }
      )
      const names = yield* namesIn(open)
      const applicationsOf = (userId: string) =>
        open.flatMap((application) => {
          const name = names.get(otherOf(application, userId) ?? "")
          return name === undefined ? [] : [{ applicationId: application.applicationId, with: name }]
        })
      return {
        people: newest.map(({ name, role, subject, userId }: Person) => ({
          userId,
          name: readable(name),
          role,
          conversations: counts.get(subject) ?? 0,
          applications: applicationsOf(userId)
        }))
      }
    },
    Effect.catchTags({ ...Refusals.directoryUnavailable, ...Refusals.tablesUnavailable })
  )
})
