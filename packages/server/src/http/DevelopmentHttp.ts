import { DevelopmentApi } from "@indelible/api/development/DevelopmentApi"
import { DevelopmentSignIn } from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import type { DevelopmentTokens } from "@indelible/infrastructure/jwt/DevelopmentTokens"
import { Effect, Layer, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { developmentPeople } from "../answers/DevelopmentPeople.ts"

const handlers = (tokens: DevelopmentTokens["Service"]) =>
  HttpApiBuilder.group(
    DevelopmentApi,
    "development",
    Effect.fn(function* (group) {
      const people = yield* developmentPeople
      return group.handleAll({
        signIn: ({ payload }) => Effect.map(tokens.issue(payload), (token) => ({ token })),
        people
      })
    })
  )

/** Sign-in for whoever asks, as long as no real tokens are configured; otherwise these paths do not exist. */
export const layer = Layer.unwrap(
  Effect.map(
    DevelopmentSignIn,
    Option.match({
      onNone: () => Layer.empty,
      onSome: (tokens) => Layer.provide(HttpApiBuilder.layer(DevelopmentApi), handlers(tokens))
    })
  )
)
