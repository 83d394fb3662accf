import {
  CurrentEngineer,
  CurrentPerson,
  EngineerAuthorization,
  PersonAuthorization,
  PlatformAuthorization
} from "@indelible/api/identity/Authorization"
import { ForbiddenProblem, UnauthenticatedProblem } from "@indelible/api/problem/IdentityProblems"
import { Identity } from "@indelible/application/identity/Identity"
import type { PersonPrincipal, Principal } from "@indelible/application/identity/Principal"
import { Effect, Layer, Redacted } from "effect"
import { identityUnavailable } from "../Refusals.ts"
import { refuse } from "./Refuse.ts"
import { RequestRecord } from "./RequestRecord.ts"

const unauthenticated = () => refuse((common) => new UnauthenticatedProblem(common))
const forbidden = refuse((common) => new ForbiddenProblem(common))

const talks = (principal: Principal): principal is PersonPrincipal =>
  principal.role === "business" || principal.role === "worker"

const asking = Effect.map(Identity, ({ authenticate }) =>
  Effect.fnUntraced(
    function* (token: Redacted.Redacted) {
      const principal = yield* authenticate(Redacted.value(token))
      const record = yield* RequestRecord
      record.who = principal.subject ?? "service"
      return principal
    },
    Effect.catchTags({ Unauthenticated: unauthenticated, ...identityUnavailable })
  )
)

const persons = Layer.effect(
  PersonAuthorization,
  Effect.map(asking, (whoAsks) =>
    PersonAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        const principal = yield* whoAsks(credential)
        if (!talks(principal)) return yield* forbidden
        const { subject, userId } = principal
        return yield* Effect.provideService(request, CurrentPerson, { subject, userId })
      })
    })
  )
)

const platform = Layer.effect(
  PlatformAuthorization,
  Effect.map(asking, (whoAsks) =>
    PlatformAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        const { role } = yield* whoAsks(credential)
        return yield* role === "service" ? request : forbidden
      })
    })
  )
)

const engineers = Layer.effect(
  EngineerAuthorization,
  Effect.map(asking, (whoAsks) =>
    EngineerAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        const { role, subject } = yield* whoAsks(credential)
        if (role !== "engineer") return yield* forbidden
        return yield* Effect.provideService(request, CurrentEngineer, { subject })
      })
    })
  )
)

/**
 * Who may use which part of the interface. That a conversation is one's own is decided by the use cases, so that a
 * stranger's refusal is the same as for one that does not exist.
 */
export const layer = Layer.mergeAll(persons, platform, engineers)
