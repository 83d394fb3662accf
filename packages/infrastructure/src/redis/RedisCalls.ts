import { Cause, Effect, Exit, Option, Schedule } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { redisMeasures } from "./RedisMeasures.ts"
import { RedisUnavailable } from "./RedisUnavailable.ts"

const deadline = "300 millis"
const mostInFlight = 512
const failuresToOpen = 5
const circuit = "redis"

/** Answers that say that Redis cannot now, rather than that the command is wrong. */
const unable =
  /^(LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|BUSY|MISCONF|OOM|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM) /

/** An error's words up to where it quotes what was sent or answered. */
export const withoutValues = (message: string): string =>
  message.replace(/(,? with args| Last (reply|error):).*$/s, "").slice(0, 200)

/** Answers of Redis begin with a word in capitals, such as WRONGTYPE; other errors are about the connection. */
export const refusalOf = (error: unknown): RedisUnavailable => {
  const detail = withoutValues(error instanceof Error ? error.message : String(error))
  return new RedisUnavailable({ reason: /^[A-Z]{2,} /.test(detail) ? "refused" : "disconnected", detail })
}

/** A wrong command tells nothing of Redis, and must not keep others from theirs. */
const tellsOfTrouble = ({ detail, reason }: RedisUnavailable): boolean =>
  reason === "timeout" || reason === "disconnected" || unable.test(detail)

const classify = <A>(exit: Exit.Exit<A, RedisUnavailable>) => {
  if (Exit.isSuccess(exit)) return CircuitBreaker.success
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return error !== undefined && tellsOfTrouble(error) ? CircuitBreaker.failure() : CircuitBreaker.ignored
}

// Made once: an error takes longer to make than a command takes, and these come by the thousand.
const timedOut = new RedisUnavailable({ reason: "timeout", detail: "" })
const overloaded = new RedisUnavailable({ reason: "overloaded", detail: "" })
const open = new RedisUnavailable({ reason: "circuit-open", detail: "" })

/** Asks Redis for something: within the deadline, not too much at once, and not while it is in trouble. */
export type RedisCall = <A>(send: () => Promise<A>) => Effect.Effect<A, RedisUnavailable>

/** What all calls to one Redis have in common. */
export const makeRedisCall = Effect.gen(function* () {
  const measures = yield* redisMeasures
  const breaker = yield* CircuitBreaker.make({
    tripPolicy: CircuitBreaker.consecutive(failuresToOpen),
    // Nodes that lost it together do not come back together.
    openDuration: Schedule.jittered(Schedule.spaced("1 second"))
  })
  let inFlight = 0

  const bounded = <A>(send: () => Promise<A>) =>
    Effect.suspend(() => {
      if (inFlight >= mostInFlight) return Effect.fail(overloaded)
      inFlight += 1
      return Effect.tryPromise({ try: send, catch: refusalOf }).pipe(
        Effect.timeoutOrElse({ duration: deadline, orElse: () => Effect.fail(timedOut) }),
        Effect.ensuring(
          Effect.sync(() => {
            inFlight -= 1
          })
        )
      )
    })

  const call: RedisCall = (send) =>
    breaker.execute(bounded(send), { key: circuit, classify }).pipe(
      Effect.catchTag("CircuitBreakerError", () => Effect.fail(open)),
      Effect.tap(() => Effect.sync(() => measures.call("answered"))),
      Effect.tapError(({ reason }) => Effect.sync(() => measures.call(reason)))
    )
  return call
}).pipe(Effect.provide(CircuitBreaker.layerStoreMemory()))
