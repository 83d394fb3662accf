import type { Effect, Scope } from "effect"
import type { LiveService } from "../LiveService.ts"
import type { ClientProcess } from "./client/ClientProcess.ts"
import type { Population } from "./Population.ts"
import type { Scale } from "./Scale.ts"

/** What every phase finds when it begins: a running service, people who are known to it, and clients without sockets. */
export interface Stage {
  readonly scale: Scale
  readonly service: LiveService
  /** Another node of it that has done nothing yet, with further settings. */
  readonly freshService: (
    environment: Readonly<Record<string, string>>
  ) => Effect.Effect<LiveService, Error, Scope.Scope>
  /** Process id. */
  readonly postmaster: Effect.Effect<number>
  readonly client: ClientProcess
  readonly population: Population
}

/** Where clients connect. */
export const socketUrl = ({ service }: Pick<Stage, "service">): string => `ws://127.0.0.1:${service.port}/ws`
