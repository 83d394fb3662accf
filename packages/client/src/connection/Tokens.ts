import { Data, Effect, Semaphore } from "effect"
import type { ClientOptions } from "../Client.ts"

export class NoToken extends Data.TaggedError("NoToken")<{ readonly cause: unknown }> {}

/** The token of the moment, for the connection and for requests: whoever finds it refused asks for another, once. */
export class Tokens {
  readonly #ask: ClientOptions["token"]
  readonly #oneAtATime = Semaphore.makeUnsafe(1)
  #token: string | undefined

  constructor(ask: ClientOptions["token"]) {
    this.#ask = ask
  }

  /** @param refused the token that was refused, or is about to expire: another one is wanted */
  get(refused?: string): Effect.Effect<string, NoToken> {
    return Semaphore.withPermit(
      this.#oneAtATime,
      Effect.suspend(() => {
        // Somebody else had it renewed meanwhile.
        if (this.#token !== undefined && this.#token !== refused) return Effect.succeed(this.#token)
        return Effect.tryPromise({
          try: () => this.#ask({ renew: refused !== undefined }),
          catch: (cause) => new NoToken({ cause })
        }).pipe(
          Effect.tap((token) =>
            Effect.sync(() => {
              this.#token = token
            })
          )
        )
      })
    )
  }

  /** The last one was refused: the next one is asked for anew. */
  refused(): string | undefined {
    return this.#token
  }
}
