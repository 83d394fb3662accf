import type { Effect } from "effect"
import type { LiveService } from "../LiveService.ts"
import type { ClientProcess } from "./client/ClientProcess.ts"
import type { Population } from "./Population.ts"
import type { Scale } from "./Scale.ts"

/** What every phase finds when it begins: a running service, people who are known to it, and clients without sockets. */
export interface Stage {
  readonly scale: Scale
  readonly service: LiveService
  /** Process id. */
  readonly postmaster: Effect.Effect<number>
  readonly client: ClientProcess
  readonly population: Population
}

/** Where clients connect. */
export const socketUrl = ({ service }: Stage): string => `ws://127.0.0.1:${service.port}/ws`
