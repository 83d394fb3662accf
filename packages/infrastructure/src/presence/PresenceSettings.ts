import { Context } from "effect"

/** Times in milliseconds. The defaults are what the port promises; tests shorten them. */
export interface PresenceSettings {
  /** How long somebody without a device still counts as here. */
  readonly grace: number
  /** How often a node says that it is alive, and how long that holds. */
  readonly beatEvery: number
  readonly aliveFor: number
  /** How long the connections on it count after it said so: nobody is kept out for long by a node that died. */
  readonly countedFor: number
  /** How long those who were on a node that said goodbye still count as there. */
  readonly farewell: number
  /** How old it may get what is known of somebody who is watched, in case nobody was told of a change. */
  readonly freshFor: number
  /** How long it is remembered when somebody was last here. */
  readonly remembered: number
}

export const PresenceSettings = Context.Reference<PresenceSettings>(
  "@indelible/infrastructure/presence/PresenceSettings",
  {
    defaultValue: () => ({
      grace: 3_000,
      beatEvery: 5_000,
      aliveFor: 30_000,
      countedFor: 12_000,
      farewell: 8_000,
      freshFor: 300_000,
      remembered: 30 * 24 * 3_600_000
    })
  }
)
