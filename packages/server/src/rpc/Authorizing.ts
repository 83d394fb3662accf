import { CurrentEngineer, CurrentPerson } from "@indelible/api/identity/Authorization"
import {
  AnyoneCalls,
  CurrentCaller,
  EngineerCalls,
  PersonCalls,
  PlatformCalls
} from "@indelible/api/rpc/CallAuthorization"
import { Effect, Layer } from "effect"
import { asEngineer, asPerson, asPlatform, unauthenticated } from "../answers/WhoAsks.ts"
import { Caller } from "./Caller.ts"
import { whoView } from "./WhoViews.ts"

/** Whoever signed in, by the request or on the connection. */
const signedIn = Effect.flatMap(Caller, ({ principal }) =>
  principal === undefined ? unauthenticated : Effect.succeed(principal)
)

const anyone = Layer.succeed(AnyoneCalls, (handler) =>
  Effect.flatMap(signedIn, (principal) => Effect.provideService(handler, CurrentCaller, whoView(principal)))
)

const persons = Layer.succeed(PersonCalls, (handler) =>
  Effect.flatMap(Effect.flatMap(signedIn, asPerson), (person) =>
    Effect.provideService(handler, CurrentPerson, person)
  )
)

const platform = Layer.succeed(PlatformCalls, (handler) =>
  Effect.andThen(Effect.flatMap(signedIn, asPlatform), handler)
)

const engineers = Layer.succeed(EngineerCalls, (handler) =>
  Effect.flatMap(Effect.flatMap(signedIn, asEngineer), (engineer) =>
    Effect.provideService(handler, CurrentEngineer, engineer)
  )
)

/** Who may call what. */
export const layer = Layer.mergeAll(anyone, persons, platform, engineers)
