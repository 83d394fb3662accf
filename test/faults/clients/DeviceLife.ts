import { Effect } from "effect"
import { catchesUp } from "./CatchingUp.ts"
import { staysConnected } from "./Connecting.ts"
import type { Device } from "./Device.ts"
import { acknowledges, reads } from "./Receiving.ts"

// What a device does by itself, as the protocol's page tells people to write one. Each ends when interrupted.

/** It connects again when it is cut off, and asks for what it missed. */
export const listens = (device: Device): Effect.Effect<never> =>
  Effect.raceFirst(staysConnected(device), catchesUp(device))

/** It acknowledges what it has, and its person reads. */
export const responds = (device: Device): Effect.Effect<never> =>
  Effect.raceFirst(acknowledges(device), reads(device))
