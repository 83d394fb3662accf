import { DevelopmentApi } from "@indelible/api/development/DevelopmentApi"
import { DevelopmentClock, type PlayedClock } from "@indelible/infrastructure/clock/PlayedClock"
import { DevelopmentSignIn } from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import type { DevelopmentTokens } from "@indelible/infrastructure/jwt/DevelopmentTokens"
import { DateTime, Effect, Layer, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { developmentPeople } from "../answers/DevelopmentPeople.ts"
import { invalid } from "../answers/Refusals.ts"

/** A recorded time that lies ahead would hold for all that comes after it in its conversation. */
const setTo = Effect.fnUntraced(function* (clock: PlayedClock, at: DateTime.Utc | null) {
  if (at !== null && DateTime.isGreaterThan(at, yield* DateTime.now)) {
    return yield* invalid(["payload", "at"], "Expected a time that is past")
  }
  clock.set(at === null ? null : DateTime.toEpochMillis(at))
  return { at: DateTime.makeUnsafe(clock.told.currentTimeMillisUnsafe()) }
})

const handlers = (tokens: DevelopmentTokens["Service"], clock: PlayedClock) =>
  HttpApiBuilder.group(
    DevelopmentApi,
    "development",
    Effect.fn(function* (group) {
      const people = yield* developmentPeople
      return group.handleAll({
        signIn: ({ payload }) => Effect.map(tokens.issue(payload), (token) => ({ token })),
        people,
        clock: ({ payload: { at } }) => setTo(clock, at)
      })
    })
  )

/** For whoever asks, as long as no real tokens are configured; otherwise these paths do not exist. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const both = Option.all({ clock: yield* DevelopmentClock, tokens: yield* DevelopmentSignIn })
    return Option.match(both, {
      onNone: () => Layer.empty,
      onSome: ({ clock, tokens }) =>
        Layer.provide(HttpApiBuilder.layer(DevelopmentApi), handlers(tokens, clock))
    })
  })
)
