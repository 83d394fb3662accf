import { hash } from "node:crypto"
import { RateLimits, type RateWindows } from "@indelible/application/limits/RateLimits"
import { RateRules } from "@indelible/application/limits/RateRules"
import { Clock, Effect, Layer, Record } from "effect"
import { SlidingWindow } from "./SlidingWindow.ts"

const monotonicMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** A name as it is kept: a third of the memory, and still nobody finds two that meet. */
const digest = (member: string) => hash("sha256", member, "buffer").toString("latin1", 0, 12)

/** What came to this node alone; gone with it. The whole of a limit where there is one node. */
export const make = Effect.map(RateRules, (rules) => {
  const windows = Record.map(rules, (rule) => new SlidingWindow(rule))
  const take: RateWindows["take"] = (limit, subject, name) =>
    Effect.map(monotonicMillis, (now) => {
      const window = windows[limit]
      const member = digest(name)
      const standingAt = (at: number) => ({ limit, rule: rules[limit], ...window.standing(subject, at) })
      const taken = window.take(subject, member, now)
      const standing = standingAt(now)
      if (taken === undefined) return { _tag: "Refused", standing }
      const { place } = taken
      return {
        _tag: "Admitted",
        standing,
        added: place !== null,
        keep:
          place === null
            ? Effect.map(monotonicMillis, (later) => window.keep(subject, member, later))
            : Effect.void,
        giveBack: Effect.map(monotonicMillis, (later) => {
          if (place !== null) window.giveBack(subject, member, place)
          return standingAt(later)
        })
      }
    })
  return { take }
})

export const layer = Layer.effect(RateLimits, make)
