import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, type Exit } from "effect"
import { RateLimited } from "./RateLimited.ts"
import { type Admitted, RateLimits } from "./RateLimits.ts"
import type { LimitName } from "./RateRules.ts"
import { TellStanding } from "./TellStanding.ts"

/** Takes room under a limit, or fails. */
export const enterLimit = Effect.map(RateLimits, ({ take }) =>
  Effect.fnUntraced(function* (limit: LimitName, subject: SubjectId, member: string) {
    const tell = yield* TellStanding
    const turn = yield* take(limit, subject, member)
    tell(turn.standing)
    return turn._tag === "Admitted" ? turn : yield* RateLimited.of(turn.standing)
  })
)

/**
 * Runs what room was taken for.
 *
 * @param cameToNothing nothing was done and nothing will be; in doubt, false
 */
export const settle = <A, E, R>(
  { giveBack, keep }: Pick<Admitted, "giveBack" | "keep">,
  work: Effect.Effect<A, E, R>,
  cameToNothing: (exit: Exit.Exit<A, E>) => boolean
): Effect.Effect<A, E, R> =>
  Effect.onExit(work, (exit) =>
    cameToNothing(exit)
      ? Effect.flatMap(giveBack, (standing) => Effect.map(TellStanding, (tell) => tell(standing)))
      : keep
  )
