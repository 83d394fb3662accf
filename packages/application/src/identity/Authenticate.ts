import { Cache, Clock, Duration, Effect, Exit, Layer, Metric, Option } from "effect"
import { People, type Person } from "../people/People.ts"
import { Identity } from "./Identity.ts"
import { IdentityUnavailable, Unauthenticated } from "./IdentityError.ts"
import type { Principal } from "./Principal.ts"
import { type Standing, sessionEnd, standingOf } from "./Standing.ts"
import { TokenVerifier, type VerifiedToken } from "./TokenVerifier.ts"

const capacity = 10_000
// Together they bound how long a suspension goes unseen: an answer is at most 4 s older than the question.
const lookupTimeout = Duration.seconds(2)
const kept = Duration.seconds(2)
const oldest = Duration.toNanosUnsafe(Duration.sum(lookupTimeout, kept))

const refused = Metric.counter("indelible_tokens_refused_total", {
  description: "Tokens refused, by the check that refused them",
  incremental: true
})

interface Reading {
  readonly standing: Option.Option<Standing>
  /** When the directory was asked, in nanoseconds of the clock that nobody sets. */
  readonly askedAt: bigint
}

const ask = Effect.fnUntraced(function* (
  byUserId: People["Service"]["byUserId"],
  userId: string
): Effect.fn.Return<Reading, IdentityUnavailable> {
  const askedAt = yield* Clock.monotonicTimeNanos
  const person: Option.Option<Person> = yield* byUserId(userId).pipe(
    Effect.timeout(lookupTimeout),
    Effect.mapError((cause) => new IdentityUnavailable({ part: "directory", cause }))
  )
  return { standing: Option.map(person, standingOf), askedAt }
})

/** Only good news is kept: whoever was just added or let in again is not turned away by an old answer. */
const timeToLive = (exit: Exit.Exit<Reading, IdentityUnavailable>) =>
  Exit.isSuccess(exit) && Option.exists(exit.value.standing, ({ status }) => status === "active")
    ? kept
    : Duration.zero

const make = Effect.gen(function* () {
  const { byUserId } = yield* People
  const { verify } = yield* TokenVerifier
  const readings = yield* Cache.makeWith((userId: string) => ask(byUserId, userId), { capacity, timeToLive })

  const standing = Effect.fnUntraced(function* (userId: string) {
    const reading = yield* Cache.get(readings, userId)
    const age = (yield* Clock.monotonicTimeNanos) - reading.askedAt
    // The cache goes by the wall clock: set back an hour, it would keep an answer for an hour.
    return age <= oldest ? reading : yield* Cache.refresh(readings, userId)
  })

  const principal = Effect.fnUntraced(function* (token: VerifiedToken) {
    const { expiresAt, issuedAt, userId } = token
    if (token.isService) {
      return { userId, subject: null, role: "service", issuedAt, expiresAt } satisfies Principal
    }
    const found = (yield* standing(userId)).standing
    if (Option.isNone(found)) return yield* new Unauthenticated({ reason: "unknown-person" })
    const { role, subject } = found.value
    const end = sessionEnd(found.value, { issuedAt, role })
    if (end !== undefined && end !== "role-changed") return yield* new Unauthenticated({ reason: end })
    return { userId, subject, role, issuedAt, expiresAt } satisfies Principal
  })

  return Identity.of({
    authenticate: Effect.fn("Identity.authenticate")(
      function* (token): Effect.fn.Return<Principal, Unauthenticated | IdentityUnavailable> {
        return yield* principal(yield* verify(token))
      },
      Effect.tapErrorTag("Unauthenticated", ({ reason }) =>
        // Anyone can cause these: at debug level, so that a flood of bad tokens does not fill the log.
        Effect.logDebug("a token was refused").pipe(
          Effect.annotateLogs({ reason }),
          Effect.andThen(Metric.update(Metric.withAttributes(refused, { reason }), 1))
        )
      )
    )
  })
})

/** `Identity`: the token is verified first, then its person is looked up, so strangers cost no query. */
export const layer = Layer.effect(Identity, make)
