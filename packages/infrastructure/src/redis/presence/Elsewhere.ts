import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Effect, Semaphore } from "effect"
import type { RedisUnavailable } from "../RedisUnavailable.ts"
import type { NodeRoster } from "./NodeRoster.ts"
import type { PersonEntries, PersonEntry } from "./PersonEntries.ts"

/** How it stands with somebody on the other nodes. */
export interface Elsewhere {
  /** Those that have them online and are alive, by their lives. */
  readonly nodes: ReadonlyArray<string>
  /** On those that were heard of a moment ago. */
  readonly connections: number
  readonly lastSeenAt: number | null
}

const mostRemembered = 1_000

/**
 * Reads entries of people in the light of which nodes are alive. What a dead node wrote does not count; whoever comes
 * upon it takes it out, and notes when the person was last seen there.
 *
 * @param refresh learns anew which nodes are alive
 */
export const makeElsewhere = Effect.fnUntraced(function* (
  entries: PersonEntries,
  roster: NodeRoster,
  refresh: Effect.Effect<void, RedisUnavailable>
) {
  /** Lives that are over, and when they were last heard of; the oldest first. */
  const over = new Map<string, number | null>()
  const one = yield* Semaphore.make(1)

  /** A node may have begun since the last beat: nobody is given up on old knowledge. */
  const judge = (life: string) =>
    Effect.gen(function* () {
      if (roster.isAlive(life) || over.has(life)) return
      yield* refresh
      if (roster.isAlive(life)) return
      over.set(life, (yield* roster.lastBeats([life])).get(life) ?? null)
      for (const oldest of over.keys()) {
        if (over.size <= mostRemembered) break
        over.delete(oldest)
      }
    }).pipe(one.withPermit, Effect.when(Effect.sync(() => !roster.isAlive(life) && !over.has(life))))

  const weigh = Effect.fnUntraced(function* (subject: SubjectId, { lastSeenAt, nodes }: PersonEntry) {
    const others = [...nodes].filter(([life]) => life !== roster.life())
    for (const [life] of others) yield* judge(life)
    const alive = others.filter(([life]) => !over.has(life))
    const dead = others.filter(([life]) => over.has(life))
    const beats = dead.flatMap(([life, { devices }]) => (devices ? [over.get(life) ?? 0] : []))
    const seen = Math.max(lastSeenAt ?? 0, ...beats)
    const elsewhere: Elsewhere = {
      nodes: alive.flatMap(([life, { devices }]) => (devices === null ? [] : [life])),
      connections: alive.reduce(
        (sum, [life, { connections }]) => sum + (roster.counts(life) ? connections : 0),
        0
      ),
      lastSeenAt: seen > 0 ? seen : null
    }
    if (dead.length > 0) {
      yield* Effect.ignore(
        entries.change(subject, { remove: dead.map(([life]) => life), lastSeenAt: elsewhere.lastSeenAt })
      )
    }
    return elsewhere
  })

  return {
    weigh,
    find: (subject: SubjectId) => Effect.flatMap(entries.read(subject), (entry) => weigh(subject, entry))
  }
})

export type Elsewheres = Effect.Success<ReturnType<typeof makeElsewhere>>
