import { UserNotFoundProblem } from "@indelible/api/problem/DirectoryProblems"
import { Applications, type JobApplication } from "@indelible/application/people/Applications"
import { People, type PersonDetails } from "@indelible/application/people/People"
import { Effect, Option } from "effect"
import * as Refusals from "./Refusals.ts"
import { refuse } from "./Refuse.ts"

interface ApplicationPut {
  readonly business: string
  readonly worker: string
  readonly status: JobApplication["status"]
}

/** The platform's programs write the directory; nothing is decided here that the ports do not guarantee. */
export const directoryAnswers = Effect.gen(function* () {
  const people = yield* People
  const applications = yield* Applications

  return {
    putUser: Effect.fnUntraced(
      function* (id: string, details: PersonDetails) {
        const { email, name, role, status, userId } = yield* people.put(id, details)
        return { id: userId, name, email, role, status }
      },
      Effect.catchTags({ ...Refusals.personErased, ...Refusals.directoryUnavailable })
    ),

    putApplication: Effect.fnUntraced(
      function* (id: string, { business, status, worker }: ApplicationPut) {
        yield* applications.put({
          applicationId: id,
          businessUserId: business,
          workerUserId: worker,
          status
        })
        return { id, business, worker, status }
      },
      Effect.catchTags({ ...Refusals.applicationTaken, ...Refusals.directoryUnavailable })
    ),

    signOut: Effect.fnUntraced(function* (id: string) {
      const person = yield* people.signOut(id)
      if (Option.isNone(person)) return yield* refuse((common) => new UserNotFoundProblem(common))
    }, Effect.catchTags(Refusals.directoryUnavailable))
  }
})
