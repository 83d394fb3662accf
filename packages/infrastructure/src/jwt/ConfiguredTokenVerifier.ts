import { Context, Effect, Layer, Option } from "effect"
import * as Development from "./DevelopmentTokens.ts"
import { DevelopmentTokens } from "./DevelopmentTokens.ts"
import * as JwksTokenVerifier from "./JwksTokenVerifier.ts"
import * as SecretTokenVerifier from "./SecretTokenVerifier.ts"
import * as TokenSource from "./TokenSource.ts"

/** Development sign-in where it is on; none as soon as real tokens are configured. */
export class DevelopmentSignIn extends Context.Service<
  DevelopmentSignIn,
  Option.Option<DevelopmentTokens["Service"]>
>()("@indelible/infrastructure/jwt/DevelopmentSignIn") {}

const off = Layer.succeed(DevelopmentSignIn, Option.none())
const on = Layer.effect(DevelopmentSignIn, Effect.map(DevelopmentTokens, Option.some))

const choose = (source: TokenSource.TokenSource, keyFile: string) => {
  switch (source._tag) {
    case "Secret":
      return Layer.merge(SecretTokenVerifier.layer(source), off)
    case "Jwks":
      return Layer.merge(JwksTokenVerifier.layer(source), off)
    case "Development":
      return Layer.provideMerge(on, Development.layer(keyFile))
  }
}

/** `TokenVerifier` as configured (the variables stand in `TokenSource`). `keyFile`: where a development key goes. */
export const layer = (keyFile: string) =>
  Layer.unwrap(Effect.map(TokenSource.fromConfig, (source) => choose(source, keyFile)))
