import { LiveBus } from "@indelible/application/live/LiveBus"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Clock, Effect, Schedule } from "effect"
import { PresenceSettings } from "../../presence/PresenceSettings.ts"
import type { WatchedPeople } from "../../presence/WatchedPeople.ts"
import type { NodeRoster } from "./NodeRoster.ts"
import type { Places } from "./Places.ts"

const listenEvery = "1 second"

interface Parts {
  readonly roster: NodeRoster
  readonly watched: WatchedPeople
  readonly places: Places
  /** Writes down everyone who is here. */
  readonly writeAll: () => void
  /** Asks again where these are. */
  readonly lookAgain: (subjects: Iterable<SubjectId>) => void
  /** Goes by what is known here for these. */
  readonly makeDo: (subjects: Iterable<SubjectId>) => void
}

/**
 * Whatever makes up for what was not told: nodes that died, a Redis that was away or lost what it knew, hints that were
 * lost. What it costs follows the nodes, and the conversations that are open; nothing is done for whoever only is there.
 */
export const keepUp = Effect.fnUntraced(function* ({
  lookAgain,
  makeDo,
  places,
  roster,
  watched,
  writeAll
}: Parts) {
  const clock = yield* Clock.Clock
  const bus = yield* LiveBus
  const { beatEvery, freshFor, remembered } = yield* PresenceSettings
  const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  let answered = true
  let connected = true
  let writtenAt = now()
  let lookAllAt = Number.POSITIVE_INFINITY

  const news = Effect.map(roster.news, ({ ended, forgotten }) => {
    if (forgotten) {
      writeAll()
      // Other nodes that were forgotten as well need a moment to write down their people.
      lookAllAt = now() + 2 * beatEvery
    } else lookAgain(places.on(ended))
  })

  const beat = Effect.match(roster.beat, {
    onSuccess: () => {
      if (!answered && roster.heard()) lookAllAt = Math.min(lookAllAt, now() + beatEvery)
      answered = true
    },
    onFailure: () => {
      answered = false
      if (!roster.heard()) makeDo(watched.all)
    }
    // Whatever is wrong, a node that says nothing any more is taken for dead.
  }).pipe(Effect.catchDefect((defect) => Effect.logError("a beat went wrong", defect)))

  const look = Effect.sync(() => {
    lookAgain(places.readBefore(now() - freshFor))
    if (now() >= lookAllAt) {
      lookAllAt = Number.POSITIVE_INFINITY
      lookAgain(watched.all)
    }
    // What is written goes by itself some day, whoever is still there.
    if (now() - writtenAt > remembered / 4) {
      writtenAt = now()
      writeAll()
    }
  })

  const listen = Effect.map(bus.connected, (yes) => {
    if (yes && !connected) lookAgain(watched.all)
    connected = yes
  })

  yield* Effect.forkScoped(Effect.forever(news))
  yield* Effect.forkScoped(Effect.repeat(Effect.andThen(beat, look), Schedule.spaced(beatEvery)))
  yield* Effect.forkScoped(Effect.repeat(listen, Schedule.spaced(listenEvery)))
})
