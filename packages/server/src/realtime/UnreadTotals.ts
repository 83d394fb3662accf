import type { PositionToken } from "@indelible/application/store/PositionToken"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer, Queue } from "effect"
import { Sessions } from "./Sessions.ts"

interface Place {
  readonly slice: number
  readonly slicePos: number
}

/** Sums what people have not read; fails while that cannot be known as of `token`. */
export type SumUnread<E> = (
  subjects: ReadonlyArray<SubjectId>,
  token: PositionToken
) => Effect.Effect<ReadonlyMap<string, number>, E>

/** A total is at most so much older than the change it tells of, while the sums keep up with the log. */
const settle = "50 millis"
const retryAfter = "250 millis"
const mostAtOnce = 500

const make = <E>(sum: SumUnread<E>) =>
  Effect.gen(function* () {
    const sessions = yield* Sessions
    const wake = yield* Queue.sliding<void>(1)
    /** Those whose total changed, and since which event. Each is a person with a session here. */
    const dirty = new Map<SubjectId, Place | undefined>()
    let failing = false

    const next = () => {
      const people = [...dirty].slice(0, mostAtOnce)
      for (const [subject] of people) dirty.delete(subject)
      return people
    }
    const tokenOf = (people: ReadonlyArray<readonly [SubjectId, Place | undefined]>) => {
      const token: Record<string, number> = {}
      for (const [, place] of people) {
        if (place !== undefined) token[place.slice] = Math.max(token[place.slice] ?? 0, place.slicePos)
      }
      return token
    }
    const tell = (subject: SubjectId, unread: number) => {
      const text = JSON.stringify({ type: "unread_total", unread })
      for (const session of sessions.of(subject)) session.sendText(text)
    }

    const round = Effect.gen(function* () {
      const people = next()
      const subjects = people.map(([subject]) => subject)
      yield* sum(subjects, tokenOf(people)).pipe(
        Effect.flatMap((totals) =>
          Effect.sync(() => {
            failing = false
            for (const subject of subjects) tell(subject, totals.get(subject) ?? 0)
          })
        ),
        Effect.catchCause((cause) => {
          // A later change of the same person stands for both.
          for (const [subject, place] of people) if (!dirty.has(subject)) dirty.set(subject, place)
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

    yield* Queue.take(wake).pipe(
      Effect.andThen(Effect.sleep(settle)),
      Effect.andThen(Effect.repeat(round, { while: () => dirty.size > 0 && !failing })),
      Effect.forever,
      Effect.forkScoped
    )

    return UnreadTotals.of({
      changed: (subject, place) => {
        dirty.set(subject, place ?? dirty.get(subject))
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
