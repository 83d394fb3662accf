import type { PositionToken } from "@indelible/application/store/PositionToken"
import { Context, Deferred, Effect, Layer } from "effect"

export type ProjectionState =
  /** Another node owns it, or nobody does yet. */
  | { readonly _tag: "Standby" }
  | { readonly _tag: "Running" }
  /** Goes on, in tables made for another version of it: what they hold may be wrong until they are built anew. */
  | { readonly _tag: "NeedsRebuild"; readonly built: number; readonly expected: number }
  /** Something it needs is away; it goes on by itself. */
  | { readonly _tag: "BackingOff"; readonly error: string }
  /** An event stops it: its tables no longer follow the log, and somebody has to look. It tries again now and then. */
  | { readonly _tag: "Halted"; readonly error: string }

interface Waiting {
  readonly token: PositionToken
  readonly reached: Deferred.Deferred<void>
}

interface Known {
  state: ProjectionState
  /** How far its tables reach, while this node writes them; null while another does. */
  positions: ReadonlyArray<number> | null
  readonly waiting: Set<Waiting>
}

/** Whether tables that reach `positions` hold all that `token` names. */
export const covers = (position: (slice: number) => number | undefined, token: PositionToken): boolean =>
  Object.entries(token).every(([slice, pos]) => (position(Number(slice)) ?? -1) >= pos)

const make = Effect.sync(() => {
  const projections = new Map<string, Known>()
  const known = (name: string): Known => {
    const found = projections.get(name)
    if (found !== undefined) return found
    const fresh: Known = { state: { _tag: "Standby" }, positions: null, waiting: new Set() }
    projections.set(name, fresh)
    return fresh
  }
  return {
    /** What each projection that ran or waited here is doing, for readiness and consoles. */
    states: Effect.sync(
      (): ReadonlyMap<string, ProjectionState> =>
        new Map([...projections].map(([name, { state }]) => [name, state]))
    ),
    enter: (name: string, state: ProjectionState) =>
      Effect.sync(() => {
        known(name).state = state
      }),
    /** This node's tables reach here now, committed. */
    reach: (name: string, positions: ReadonlyArray<number>) =>
      Effect.sync(() => {
        const projection = known(name)
        projection.positions = positions
        for (const { reached, token } of projection.waiting) {
          if (covers((slice) => positions[slice], token)) Deferred.doneUnsafe(reached, Effect.void)
        }
      }),
    /** This node no longer writes the tables. */
    release: (name: string) =>
      Effect.sync(() => {
        Object.assign(known(name), { state: { _tag: "Standby" }, positions: null })
      }),
    /** How far they reach, if this node writes them. */
    positions: (name: string) => Effect.sync(() => known(name).positions),
    /** Ends as soon as this node's tables hold all that the token names; never, if another node writes them. */
    reached: (name: string, token: PositionToken) =>
      Effect.suspend(() => {
        const { positions, waiting } = known(name)
        if (positions !== null && covers((slice) => positions[slice], token)) return Effect.void
        const entry: Waiting = { token, reached: Deferred.makeUnsafe() }
        waiting.add(entry)
        return Effect.ensuring(
          Deferred.await(entry.reached),
          Effect.sync(() => waiting.delete(entry))
        )
      })
  }
})

/** What this process knows about its projections without asking the database. One a process. */
export class ProjectionProgress extends Context.Service<ProjectionProgress, Effect.Success<typeof make>>()(
  "@indelible/projections/engine/ProjectionProgress"
) {
  static readonly layer = Layer.effect(this, make)
}
