import { Context, Schema, Struct } from "effect"

/** How much a person may do. */
export interface RateRule {
  /** So often, once or more, */
  readonly most: number
  /** in any span of so many milliseconds. */
  readonly window: number
}

export const perHour = (most: number): RateRule => ({ most, window: 60 * 60 * 1_000 })

/** Everything that is limited, and how unless configuration says otherwise. One more limit is one more line. */
export const usualRules = {
  /** Messages that were saved. */
  messages: perHour(100),
  /** Lists of conversations that were answered. */
  lists: perHour(60),
  /** Looks into the log, past the limit of messages, for whether a message was saved before. */
  repeats: perHour(100)
}

export const LimitName = Schema.Literals(Struct.keys(usualRules))
export type LimitName = typeof LimitName.Type

/** The rule of each limit; by configuration, the same on every node. */
export const RateRules = Context.Reference<Readonly<Record<LimitName, RateRule>>>(
  "@indelible/application/limits/RateRules",
  { defaultValue: () => usualRules }
)
