import { Effect } from "effect"
import type { Crowd } from "../clients/Crowd.ts"

/** A conversation of these people. */
export const someTalk = ({ talks: [talk] }: Crowd) =>
  talk === undefined ? Effect.die(new Error("nobody talks to anybody")) : Effect.succeed(talk)
