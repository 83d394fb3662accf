import { LiveBus } from "@indelible/application/live/LiveBus"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect } from "effect"
import type { Departure, PeopleHere } from "../../presence/PeopleHere.ts"
import type { Elsewhere, Elsewheres } from "./Elsewhere.ts"
import type { NodeRoster } from "./NodeRoster.ts"
import type { PersonEntries } from "./PersonEntries.ts"
import { makePersonQueue } from "./PersonQueue.ts"

/** Departures that could not be written yet. Those of longest ago are forgotten first. */
const capacity = 100_000

interface Parts {
  readonly here: PeopleHere
  readonly entries: PersonEntries
  readonly roster: NodeRoster
  readonly elsewheres: Elsewheres
  /** How it stands with somebody elsewhere; undefined: Redis did not say. */
  readonly learn: (subject: SubjectId, elsewhere: Elsewhere | undefined) => void
}

/**
 * Writes down for the other nodes who is here, and tells them of each who came or went. What is written is how it is
 * when it is written, so it does no harm to write it once too often.
 */
export const makeOwnPeople = Effect.fnUntraced(function* ({
  elsewheres,
  entries,
  here,
  learn,
  roster
}: Parts) {
  const bus = yield* LiveBus
  /** Who is written down as online here, and in which life of this node. */
  const written = new Map<SubjectId, string>()
  const departed = new Map<SubjectId, number>()

  const write = Effect.fnUntraced(function* (subject: SubjectId) {
    yield* roster.begin
    const life = roster.life()
    const isHere = here.has(subject)
    const entry = yield* entries.change(subject, {
      put: { life, ...here.attendance(subject) },
      lastSeenAt: isHere ? here.goneAt(subject) : departed.get(subject)
    })
    if (written.get(subject) !== (isHere ? life : undefined)) {
      if (isHere) written.set(subject, life)
      else written.delete(subject)
      yield* bus.publish({ _tag: "PresenceTouched", subjects: [subject] })
    }
    departed.delete(subject)
    const elsewhere = yield* elsewheres.weigh(subject, entry)
    learn(subject, elsewhere)
    return elsewhere
  })

  const queue = yield* makePersonQueue((subject) =>
    Effect.tapError(write(subject), () => Effect.sync(() => learn(subject, undefined)))
  )

  return {
    ...queue,
    /** When somebody went whose departure is not written yet. */
    departedAt: (subject: SubjectId) => departed.get(subject),
    depart: (departures: ReadonlyArray<Departure>) => {
      for (const { at, subject } of departures) {
        departed.delete(subject)
        departed.set(subject, at)
        queue.add(subject)
      }
      for (const oldest of departed.keys()) {
        if (departed.size <= capacity) break
        departed.delete(oldest)
      }
    },
    addAll: () => {
      for (const subject of here.all) queue.add(subject)
    }
  }
})
