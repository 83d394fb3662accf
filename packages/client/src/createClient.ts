import { Effect, Exit, Scope } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Client, ClientOptions } from "./Client.ts"
import { makeClient } from "./makeClient.ts"
import { platformFor } from "./Platform.ts"

/** Begins at once to show what this device knows, and to connect. Close it when it is no longer needed. */
export const createClient = (options: ClientOptions): Client => {
  const scope = Scope.makeUnsafe()
  const end = () => Effect.runPromise(Scope.close(scope, Exit.void))
  const made = makeClient(options, platformFor(options), end).pipe(
    Effect.provide(SecureRandom.layerWebCrypto),
    Scope.provide(scope),
    // Not `runSync`: what it forks would stay with a scheduler that is never asked again.
    Effect.runFork
  )
  const exit = made.pollUnsafe()
  if (exit === undefined) throw new Error("making a client waits for nothing")
  return Effect.runSync(exit)
}
