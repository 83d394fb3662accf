import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer, Queue } from "effect"
import { ChangedTotals, type Place } from "./ChangedTotals.ts"
import { Sessions } from "./Sessions.ts"

/** Sums what people have not read; fails while that cannot be known as of `token`. */
export type SumUnread<E> = (
  subjects: ReadonlyArray<SubjectId>,
  token: PositionToken
) => Effect.Effect<ReadonlyMap<string, number>, E>

/** A total is at most so much older than the change it tells of, and what the sums take. */
const settle = "150 millis"
const retryAfter = "100 millis"
const mostAtOnce = 500

const make = <E>(sum: SumUnread<E>) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions
    const wake = yield* Queue.sliding<void>(1)
    /** Of people with a session here. */
    const changed = new ChangedTotals()
    let failing = false

    const tell = (subject: SubjectId, unread: number) => {
      const text = JSON.stringify({ type: "unread_total", unread })
      for (const session of sessions.of(subject)) session.sendText(text)
    }

    const round = Effect.gen(function* () {
      const { keep, subjects, token } = changed.take(mostAtOnce)
      yield* sum(subjects, token).pipe(
        Effect.flatMap((totals) =>
          Effect.sync(() => {
            failing = false
            for (const subject of subjects) tell(subject, totals.get(subject) ?? 0)
          })
        ),
        Effect.catchCause((cause) => {
          keep()
          Queue.offerUnsafe(wake, undefined)
          const first = !failing
          failing = true
          return Effect.andThen(
            first ? Effect.logWarning("totals of unread messages wait", cause) : Effect.void,
            Effect.sleep(retryAfter)
          )
        })
      )
    })

    /** Everyone who waits now; who comes meanwhile settles first. */
    const rounds = Effect.gen(function* () {
      let left = changed.size
      do {
        yield* round
        left -= mostAtOnce
      } while (left > 0 && !failing)
    })

    yield* Queue.take(wake).pipe(
      Effect.andThen(Effect.sleep(settle)),
      Effect.andThen(rounds),
      Effect.forever,
      Effect.forkScoped
    )

    return UnreadTotals.of({
      changed: (subject, place) => {
        changed.mark(subject, place)
        Queue.offerUnsafe(wake, undefined)
      }
    })
  })

/**
 * Tells people how many messages they have not read in all their conversations, on each of their sessions, a moment
 * after that changed. Totals are summed anew each time, many people's by one query, so they cannot drift and cost what
 * the query costs, however much happens.
 */
export class UnreadTotals extends Context.Service<
  UnreadTotals,
  {
    /** @param place the event that changed it; undefined: they want to know */
    readonly changed: (subject: SubjectId, place?: Place) => void
  }
>()("@indelible/server/realtime/UnreadTotals") {
  static readonly layer = <E, E2, R>(sum: Effect.Effect<SumUnread<E>, E2, R>) =>
    Layer.effect(UnreadTotals, Effect.flatMap(sum, make))
}
