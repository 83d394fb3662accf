import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Context, Duration, Effect, Layer, PubSub, Schedule, Stream } from "effect"
import { People } from "../people/People.ts"
import type { Principal } from "./Principal.ts"
import { type SessionEnd, type Standing, sessionEnd, standingOf } from "./Standing.ts"

const every = "1 second"
/** A question into a dead connection must not hold up the next one. */
const answerTimeout = "2 seconds"
/** Longer than any cached standing lives (4 s) plus the time a gateway needs to register a session. */
const remembered = Duration.toNanosUnsafe("30 seconds")

/**
 * Tells this node whose sessions must end, within 3 s of the directory's change while the database answers.
 *
 * - A session is registered first, then asked about with `endOf`: its token may have been judged on a standing up to
 *   4 s old, and the change may have gone through `changes` before the session was there to hear of it.
 * - Through an outage of the database sessions stay; what changed meanwhile arrives when it is back.
 * - Made before the server listens: people who changed before the watch began are not reported.
 */
export class SessionWatch extends Context.Service<
  SessionWatch,
  {
    /**
     * Everyone whose standing may have changed, the harmless changes too: `sessionEnd` tells which of their sessions
     * end. Several may listen; each hears all from the moment it listens.
     */
    readonly changes: Stream.Stream<Standing>
    /** Whether a change of the last 30 s ends this session already. */
    readonly endOf: (principal: Principal) => SessionEnd | undefined
  }
>()("@indelible/application/identity/SessionWatch") {}

const make = Effect.gen(function* () {
  const { changedSince } = yield* People
  const changes = yield* PubSub.unbounded<Standing>()
  // In the order seen, so the oldest are found first.
  const recent = new Map<SubjectId, { readonly standing: Standing; readonly seenAt: bigint }>()
  let cursor = 0
  let failing = false

  const next = Effect.suspend(() => changedSince(cursor)).pipe(
    Effect.timeout(answerTimeout),
    Effect.map((answer) => {
      const moved = answer.cursor > cursor
      cursor = answer.cursor
      return { moved, people: answer.people }
    })
  )

  /** The directory may answer in pages: on until nothing is new. */
  const catchUp = <A, E, R>(each: (standings: ReadonlyArray<Standing>) => Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      while (true) {
        const { moved, people } = yield* next
        yield* each(people.map(standingOf))
        if (!moved || people.length === 0) return
      }
    })

  const report = Effect.fnUntraced(function* (standings: ReadonlyArray<Standing>) {
    const now = yield* Clock.monotonicTimeNanos
    for (const standing of standings) {
      recent.delete(standing.subject)
      recent.set(standing.subject, { standing, seenAt: now })
    }
    for (const [subject, { seenAt }] of recent) {
      if (now - seenAt <= remembered) break
      recent.delete(subject)
    }
    yield* PubSub.publishAll(changes, standings)
  })

  const recovering = <E>(poll: Effect.Effect<void, E>) =>
    poll.pipe(
      Effect.andThen(
        Effect.suspend(() => {
          if (!failing) return Effect.void
          failing = false
          return Effect.logInfo("the directory answers again; sessions are watched")
        })
      ),
      // Defects too: a watch that dies silently leaves the suspended connected for ever.
      Effect.tapCause((cause) => {
        if (failing) return Effect.void
        failing = true
        return Effect.logWarning("sessions of the suspended stay open until the directory answers", cause)
      })
    )

  // There are no sessions yet that a change could end.
  yield* recovering(catchUp(() => Effect.void)).pipe(Effect.sandbox, Effect.retry(Schedule.spaced(every)))
  yield* recovering(catchUp(report)).pipe(
    Effect.ignoreCause,
    Effect.repeat(Schedule.spaced(every)),
    Effect.delay(every),
    Effect.forkScoped
  )

  return SessionWatch.of({
    changes: Stream.fromPubSub(changes),
    endOf: (principal) => {
      if (principal.subject === null) return undefined
      const seen = recent.get(principal.subject)
      return seen === undefined ? undefined : sessionEnd(seen.standing, principal)
    }
  })
})

export const layer = Layer.effect(SessionWatch, make)
