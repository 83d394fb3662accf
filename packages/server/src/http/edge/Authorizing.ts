import {
  CurrentEngineer,
  CurrentPerson,
  EngineerAuthorization,
  PersonAuthorization,
  PlatformAuthorization
} from "@indelible/api/identity/Authorization"
import { Effect, Layer, Redacted } from "effect"
import { asEngineer, asPerson, asPlatform, whoAsks } from "../../answers/WhoAsks.ts"

const persons = Layer.effect(
  PersonAuthorization,
  Effect.map(whoAsks, (who) =>
    PersonAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        const person = yield* asPerson(yield* who(Redacted.value(credential)))
        return yield* Effect.provideService(request, CurrentPerson, person)
      })
    })
  )
)

const platform = Layer.effect(
  PlatformAuthorization,
  Effect.map(whoAsks, (who) =>
    PlatformAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        yield* asPlatform(yield* who(Redacted.value(credential)))
        return yield* request
      })
    })
  )
)

const engineers = Layer.effect(
  EngineerAuthorization,
  Effect.map(whoAsks, (who) =>
    EngineerAuthorization.of({
      bearer: Effect.fnUntraced(function* (request, { credential }) {
        const engineer = yield* asEngineer(yield* who(Redacted.value(credential)))
        return yield* Effect.provideService(request, CurrentEngineer, engineer)
      })
    })
  )
)

/** Who may use which part of the REST interface. */
export const layer = Layer.mergeAll(persons, platform, engineers)
