import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Cause, Effect, Exit } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { enterLimit, settle } from "./EnterLimit.ts"
import type { LimitName } from "./RateRules.ts"

/** It failed in one of the ways that it may: whoever asked got nothing. */
const failed = <A, E>(exit: Exit.Exit<A, E>) =>
  Exit.isFailure(exit) && exit.cause.reasons.every(Cause.isFailReason)

/** Limits what has no name by which it could be repeated: each request counts, unless it fails. */
export const limitedRequests = Effect.fnUntraced(function* (limit: LimitName) {
  const enter = yield* enterLimit
  const random = yield* SecureRandom
  return Effect.fnUntraced(function* <A, E, R>(subject: SubjectId, request: Effect.Effect<A, E, R>) {
    const turn = yield* enter(limit, subject, yield* random.uuidV4())
    return yield* settle(turn, request, failed)
  })
})
