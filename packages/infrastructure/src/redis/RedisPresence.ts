import { LiveBus } from "@indelible/application/live/LiveBus"
import { type PersonPresence, Presence } from "@indelible/application/live/Presence"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect, Latch, Layer, Schedule } from "effect"
import { afterGrace } from "../presence/AfterGrace.ts"
import { PeopleHere } from "../presence/PeopleHere.ts"
import { presenceMeasures } from "../presence/PresenceMeasures.ts"
import { PresenceSettings } from "../presence/PresenceSettings.ts"
import { WatchedPeople } from "../presence/WatchedPeople.ts"
import { type Elsewhere, makeElsewhere } from "./presence/Elsewhere.ts"
import { keepUp } from "./presence/KeepingUp.ts"
import { makeRoster } from "./presence/NodeRoster.ts"
import { makeOwnPeople } from "./presence/OwnPeople.ts"
import { makeEntries } from "./presence/PersonEntries.ts"
import { makePersonQueue } from "./presence/PersonQueue.ts"
import { Places } from "./presence/Places.ts"

/** Whoever has to know waits so long for Redis, and then goes by what is known here. */
const patience = "500 millis"
/** People of whom one question asks Redis at once. */
const atOnce = 32
/** A node that stops writes its last departures within this time. */
const lastWords = "1 second"
const measureEvery = "5 seconds"

const online: PersonPresence = { online: true, lastSeenAt: null }

const make = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const bus = yield* LiveBus
  const measures = yield* presenceMeasures
  const { farewell, grace } = yield* PresenceSettings
  const here = new PeopleHere(clock, grace)
  const watched = new WatchedPeople()
  const places = new Places()
  const someoneLeft = Latch.makeUnsafe(false)
  const roster = yield* makeRoster
  const entries = yield* makeEntries
  const elsewheres = yield* makeElsewhere(entries, roster, roster.beat)

  const presenceOf = (subject: SubjectId, elsewhere: Elsewhere | undefined): PersonPresence =>
    here.has(subject) || (elsewhere !== undefined && elsewhere.nodes.length > 0)
      ? online
      : { online: false, lastSeenAt: own.departedAt(subject) ?? elsewhere?.lastSeenAt ?? null }

  /** Goes by what is known without asking: of others only while it is heard which nodes are alive. */
  const guess = (subject: SubjectId): PersonPresence =>
    presenceOf(subject, roster.heard() ? places.get(subject) : undefined)

  const learn = (subject: SubjectId, elsewhere: Elsewhere | undefined) => {
    if (elsewhere === undefined) return watched.learn(subject, guess(subject))
    if (watched.has(subject)) {
      places.set(subject, elsewhere, Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n))
    }
    watched.learn(subject, presenceOf(subject, elsewhere))
  }

  const own = yield* makeOwnPeople({ here, entries, roster, elsewheres, learn })
  const lookups = yield* makePersonQueue((subject) =>
    watched.has(subject)
      ? Effect.map(elsewheres.find(subject), (elsewhere) => learn(subject, elsewhere))
      : Effect.void
  )
  const lookAgain = (subjects: Iterable<SubjectId>) => {
    for (const subject of subjects) if (watched.has(subject)) lookups.add(subject)
  }

  yield* keepUp({
    roster,
    watched,
    places,
    lookAgain,
    writeAll: own.addAll,
    makeDo: (subjects) => {
      for (const subject of subjects) watched.learn(subject, guess(subject))
    }
  })
  yield* bus.subscribe((message) => {
    if (message._tag === "PresenceTouched") lookAgain(message.subjects)
  })
  yield* Effect.forkScoped(
    afterGrace(here, someoneLeft, (departures) => Effect.sync(() => own.depart(departures)))
  )
  yield* Effect.forkScoped(
    Effect.repeat(
      Effect.sync(() => {
        measures.people(here.size)
        measures.nodes(roster.size())
        measures.unwritten(own.size())
      }),
      Schedule.spaced(measureEvery)
    )
  )
  // Last of all, and so the first to end: everything it needs still goes on.
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => own.size() === 0).pipe(
      Effect.repeat({ until: (done) => done, schedule: Schedule.spaced("10 millis") }),
      Effect.andThen(Effect.ignore(roster.leave(farewell))),
      Effect.interruptible,
      Effect.timeoutOption(lastWords)
    )
  )

  return Presence.of({
    arrive: Effect.fnUntraced(function* (subject, link) {
      here.arrive(subject, link)
      if (here.has(subject)) watched.learn(subject, online)
      const connections = here.connections(subject)
      const elsewhere = yield* own.ask(subject)
      return connections + (elsewhere?.connections ?? 0)
    }),
    depart: (subject, link) =>
      Effect.sync(() => {
        here.depart(subject, link)
        own.add(subject)
        someoneLeft.openUnsafe()
      }),
    of: (subjects) =>
      Effect.forEach(
        subjects,
        (subject) =>
          here.has(subject)
            ? Effect.succeed([subject, online] as const)
            : elsewheres.find(subject).pipe(
                Effect.map((elsewhere) => [subject, presenceOf(subject, elsewhere)] as const),
                Effect.catch(() => Effect.succeed([subject, guess(subject)] as const))
              ),
        { concurrency: atOnce }
      ).pipe(Effect.map((found) => new Map(found))),
    watch: Effect.fnUntraced(function* (subject) {
      watched.add(subject)
      if (watched.get(subject) === undefined) {
        yield* Effect.timeoutOption(lookups.ask(subject), patience)
      }
      const now = watched.get(subject) ?? guess(subject)
      // From here on it is told when it is another.
      watched.learn(subject, now)
      return now
    }),
    unwatch: (subject) =>
      Effect.sync(() => {
        watched.delete(subject)
        places.delete(subject)
      }),
    changes: watched.changes
  })
})

/**
 * Presence of nodes that share a Redis: a person's entry says on which nodes they have how many connections and devices, and
 * of the nodes alone it is known which are alive. Changes are told by the bus, as hints: whoever watches looks the person up.
 */
export const layer = Layer.effect(Presence, make)
