import type { Effect, Scope } from "effect"
import type { Stage } from "./Stage.ts"

/** How often something happened, by name. What a fault must have brought about stands in its `mustHave`. */
export type Counts = Readonly<Record<string, number>>

export interface Played {
  readonly counts: Counts
  /** What this fault promises beyond the invariants, and did not keep. */
  readonly broken?: ReadonlyArray<string>
}

/** Something that goes wrong, and how. Numbered as in the guarantees that it shows. */
export interface Fault {
  readonly id: string
  readonly title: string
  /** Of the counts, its own and the history's: a run in which one of these is 0 has shown nothing. */
  readonly mustHave: ReadonlyArray<string>
  readonly needsRedis?: true
  /** 16 unless told, 8 in a quick run. */
  readonly conversations?: number
  readonly devicesEach?: (person: number) => number
  /** Everybody sends over HTTP. */
  readonly overHttp?: true
  /** Messages a second, all senders together; 25 unless told. 0: it sends by itself. */
  readonly perSecond?: number
  /** Brings it about while everybody talks, and ends it: everything is healed when this ends. */
  readonly play: (stage: Stage) => Effect.Effect<Played, unknown, Scope.Scope>
}
