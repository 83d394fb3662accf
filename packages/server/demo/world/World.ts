import { Actor } from "./Actor.ts"
import { RecordClock } from "./Clock.ts"
import { missing } from "./Missing.ts"
import { prepare } from "./Platform.ts"
import { messagesIn, schedule } from "./Schedule.ts"
import type { Talk } from "./Talk.ts"
import { talks as allTalks } from "./Talks.ts"

/** How far the playing is. */
export interface Played {
  readonly done: number
  readonly steps: number
  /** Until when, in milliseconds since 1970. */
  readonly at: number
}

export interface World {
  /** Conversations that this run added something to. */
  readonly added: number
  readonly conversations: number
  readonly messages: number
}

/** Whoever started it does not want it to go on. */
export class DemoStopped extends Error {}

/**
 * Makes the whole small world, as far as it is not there, from its first day until now. The record's clock tells the real
 * time again afterwards, whatever happens.
 *
 * @param stop ends it after the step that it is at, with `DemoStopped`
 */
export const make = async (
  origin: URL,
  stop: AbortSignal,
  tell: (played: Played) => void,
  talks: ReadonlyArray<Talk> = allTalks
): Promise<World> => {
  const as = await prepare(origin)
  const absent = await missing(as, talks)
  const steps = schedule(absent, Date.now())
  const clock = new RecordClock(origin)
  const actor = new Actor(as)
  try {
    for (const [done, step] of steps.entries()) {
      if (stop.aborted) throw new DemoStopped()
      await clock.set(step.at)
      await actor.do(step)
      tell({ done: done + 1, steps: steps.length, at: step.at })
    }
  } finally {
    if (steps.length > 0) await clock.putBack()
  }
  for (const talk of absent) await actor.seen(talk)
  const messages = talks.reduce((sum, talk) => sum + messagesIn(talk), 0)
  return { added: absent.length, conversations: talks.length, messages }
}
