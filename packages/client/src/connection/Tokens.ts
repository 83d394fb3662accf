import { Data, Effect, Semaphore } from "effect"
import type { ClientOptions } from "../Client.ts"
import { ClientError } from "../ClientError.ts"

export class NoToken extends Data.TaggedError("NoToken")<{
  readonly cause: unknown
  /** Nobody is signed in. Otherwise there was none to be had for now, as without a network. */
  readonly signedOut: boolean
}> {}

/** Milliseconds for a token: all that needs one waits for it. */
const PATIENCE = 15_000

/** A request that needed a token. */
export const withoutToken = ({ cause, signedOut }: NoToken): ClientError =>
  signedOut
    ? new ClientError("signed_out", "nobody is signed in", { cause })
    : new ClientError("offline", "no token was to be had", { cause })

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
        const asked = Effect.tryPromise({
          try: () => this.#ask({ renew: refused !== undefined }),
          catch: (cause) =>
            new NoToken({ cause, signedOut: cause instanceof ClientError && cause.code === "signed_out" })
        })
        return asked.pipe(
          Effect.timeoutOrElse({
            duration: PATIENCE,
            orElse: () =>
              Effect.fail(new NoToken({ cause: new Error("no answer in time"), signedOut: false }))
          }),
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
