import { type PersonPresence, Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect, Latch, Layer } from "effect"
import { afterGrace } from "../presence/AfterGrace.ts"
import { PeopleHere } from "../presence/PeopleHere.ts"
import { presenceMeasures } from "../presence/PresenceMeasures.ts"
import { PresenceSettings } from "../presence/PresenceSettings.ts"
import { WatchedPeople } from "../presence/WatchedPeople.ts"

/** People of whom it is remembered when they were last here. */
const capacity = 100_000

/** Presence on the one node there is. */
export const layer = Layer.effect(
  Presence,
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const { grace, remembered } = yield* PresenceSettings
    const here = new PeopleHere(clock, grace)
    const watched = new WatchedPeople()
    const measures = yield* presenceMeasures
    const someoneLeft = Latch.makeUnsafe(false)
    // Longest away first.
    const lastSeen = new Map<SubjectId, number>()

    const presenceOf = (subject: SubjectId): PersonPresence => {
      const seen = here.has(subject) ? undefined : lastSeen.get(subject)
      const old = seen === undefined || clock.currentTimeMillisUnsafe() - seen > remembered
      return { online: here.has(subject), lastSeenAt: old ? null : seen }
    }
    yield* afterGrace(here, someoneLeft, (departures) =>
      Effect.sync(() => {
        measures.people(here.size)
        for (const { at, subject } of departures) {
          lastSeen.set(subject, at)
          watched.learn(subject, presenceOf(subject))
        }
        for (const subject of lastSeen.keys()) {
          if (lastSeen.size <= capacity) break
          lastSeen.delete(subject)
        }
      })
    ).pipe(Effect.forkScoped)

    return Presence.of({
      arrive: (subject, link) =>
        Effect.sync(() => {
          here.arrive(subject, link)
          if (here.has(subject)) lastSeen.delete(subject)
          watched.learn(subject, presenceOf(subject))
          measures.people(here.size)
          return here.connections(subject)
        }),
      depart: (subject, link) =>
        Effect.sync(() => {
          here.depart(subject, link)
          someoneLeft.openUnsafe()
        }),
      of: (subjects) => Effect.sync(() => new Map(subjects.map((subject) => [subject, presenceOf(subject)]))),
      watch: (subject) =>
        Effect.sync(() => {
          const presence = presenceOf(subject)
          watched.add(subject)
          watched.learn(subject, presence)
          return presence
        }),
      unwatch: (subject) => Effect.sync(() => watched.delete(subject)),
      changes: watched.changes
    })
  })
)
