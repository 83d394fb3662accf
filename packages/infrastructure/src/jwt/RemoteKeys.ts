import { IdentityUnavailable, Unauthenticated } from "@indelible/application/identity/IdentityError"
import { Clock, Duration, Effect, Fiber, Semaphore } from "effect"
import { errors } from "jose"
import { fetchKeySet, type KeySet, type KeySetLimits, type KeySetUnavailable } from "./KeySet.ts"
import type { TokenHeader } from "./TokenHeader.ts"

export interface RemoteKeysSettings extends KeySetLimits {
  readonly url: URL
  /** Between two questions that unknown keys may cause, however many tokens name one. */
  readonly coolDown: Duration.Duration
  /** Between two questions while the endpoint fails. */
  readonly retryEvery: Duration.Duration
  /** How often a set that works is asked for again: so long a withdrawn key may live on. */
  readonly refreshEvery: Duration.Duration
  /** How old a set may get while the endpoint fails. After it nobody comes in. */
  readonly keepAtMost: Duration.Duration
}

export const defaults: Omit<RemoteKeysSettings, "url"> = {
  coolDown: Duration.seconds(30),
  retryEvery: Duration.seconds(5),
  refreshEvery: Duration.minutes(5),
  keepAtMost: Duration.hours(1),
  timeout: Duration.seconds(3),
  maxBytes: 256 * 1_024
}

/** Milliseconds that no setting of the clock moves: set back an hour, it must not keep withdrawn keys an hour longer. */
const elapsed = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/**
 * The issuer's public keys, kept here and asked for in the background.
 *
 * - A token with a known key never waits for the endpoint, and never causes a question.
 * - A new key works at its first token, unless another unknown key was asked about in the last `coolDown`: then after it.
 * - A withdrawn key is refused after `refreshEvery` and `timeout` at the latest, or after `keepAtMost` when the
 *   endpoint fails all the while.
 */
export const make = Effect.fnUntraced(function* (settings: RemoteKeysSettings) {
  const scope = yield* Effect.scope
  const oneAtATime = yield* Semaphore.make(1)
  const pause = Duration.toMillis(settings.coolDown)
  const pauseAfterFailure = Duration.toMillis(settings.retryEvery)
  const limit = Duration.toMillis(settings.keepAtMost)
  let kept: { readonly set: KeySet; readonly at: number } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let failure: KeySetUnavailable | undefined

  const current = Effect.map(elapsed, (now) =>
    kept !== undefined && now - kept.at < limit ? kept.set : undefined
  )

  const ask = Effect.gen(function* () {
    const at = yield* elapsed
    if (at - askedAt < (failure === undefined ? pause : pauseAfterFailure)) return
    askedAt = at
    const set = yield* fetchKeySet(settings.url, settings)
    if (failure !== undefined) yield* Effect.logInfo("the key endpoint answers again")
    if (set.size === 0) yield* Effect.logWarning("the key endpoint has no keys: every token is refused")
    // Age counts from the question: the answer may have been long on its way.
    kept = { set, at }
    failure = undefined
  }).pipe(
    Effect.catchTag("KeySetUnavailable", (error) => {
      const first = failure === undefined
      failure = error
      return first ? Effect.logWarning(error.message, error) : Effect.logDebug(error.message)
    })
  )

  /** In a fiber of its own: a client that hangs up must not take the question, and the cool-down, with it. */
  const refresh = oneAtATime.withPermits(1)(ask).pipe(Effect.forkIn(scope), Effect.flatMap(Fiber.await))

  yield* refresh.pipe(
    Effect.andThen(
      Effect.suspend(() => Effect.sleep(failure === undefined ? settings.refreshEvery : settings.retryEvery))
    ),
    Effect.forever,
    Effect.forkScoped
  )

  const find = (set: KeySet, { alg, kid }: TokenHeader) =>
    Effect.tryPromise({
      try: () => set.keyFor({ alg, ...(kid !== undefined && { kid }) }),
      catch: (error) =>
        new Unauthenticated({
          reason: error instanceof errors.JWKSNoMatchingKey ? "unknown-key" : "unusable-key"
        })
    })

  const unavailable = () =>
    new IdentityUnavailable({ part: "keys", ...(failure !== undefined && { cause: failure }) })

  const keyFor = Effect.fnUntraced(function* (header: TokenHeader) {
    const set = yield* current
    if (set !== undefined) {
      const found = yield* Effect.result(find(set, header))
      if (found._tag === "Success") return found.success
      if (found.failure.reason !== "unknown-key") return yield* found.failure
    }
    yield* refresh
    const newer = yield* current
    if (newer === undefined) return yield* unavailable()
    // While the endpoint fails nobody can tell a new key from an invented one, and a new key's owner has done no wrong.
    return yield* find(newer, header).pipe(
      Effect.mapError((refusal) =>
        refusal.reason === "unknown-key" && failure !== undefined ? unavailable() : refusal
      )
    )
  })

  const ready = Effect.map(current, (set) => set !== undefined && set.size > 0)
  return { keyFor, ready }
})
