import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { UserNotFoundProblem } from "@indelible/api/problem/DirectoryProblems"
import { Applications } from "@indelible/application/people/Applications"
import { People } from "@indelible/application/people/People"
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { refuse } from "./edge/Refuse.ts"
import * as Refusals from "./Refusals.ts"

/** The platform's programs write the directory; nothing is decided here that the ports do not guarantee. */
export const layer = HttpApiBuilder.group(
  IndelibleApi,
  "directory",
  Effect.fn(function* (handlers) {
    const people = yield* People
    const applications = yield* Applications

    return handlers.handleAll({
      putUser: Effect.fnUntraced(
        function* ({ params: { id }, payload }) {
          const { email, name, role, status, userId } = yield* people.put(id, payload)
          return { id: userId, name, email, role, status }
        },
        Effect.catchTags({ ...Refusals.personErased, ...Refusals.directoryUnavailable })
      ),

      putApplication: Effect.fnUntraced(
        function* ({ params: { id }, payload: { business, status, worker } }) {
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

      signOut: Effect.fnUntraced(function* ({ params: { id } }) {
        const person = yield* people.signOut(id)
        if (Option.isNone(person)) return yield* refuse((common) => new UserNotFoundProblem(common))
      }, Effect.catchTags(Refusals.directoryUnavailable))
    })
  })
)
