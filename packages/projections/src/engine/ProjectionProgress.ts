import type { PositionToken } from "@indelible/application/store/PositionToken"
import { Context, Deferred, Effect, Latch, Layer, Schema } from "effect"

export const ProjectionState = Schema.Union([
  /** Another node owns it, or nobody does yet. */
  Schema.TaggedStruct("Standby", {}),
  Schema.TaggedStruct("Running", {}),
  /** Goes on, in tables made for another version of it: what they hold may be wrong until they are built anew. */
  Schema.TaggedStruct("NeedsRebuild", { built: Schema.Int, expected: Schema.Int }),
  /** Something it needs is away; it goes on by itself. */
  Schema.TaggedStruct("BackingOff", { error: Schema.String }),
  /** Its tables no longer follow the log, and somebody has to look. It tries again now and then. */
  Schema.TaggedStruct("Halted", { error: Schema.String })
])
export type ProjectionState = typeof ProjectionState.Type

/** What whoever keeps a projection up with the log tells of it. */
export const ProgressEvent = Schema.Union([
  Schema.TaggedStruct("Entered", { name: Schema.String, state: ProjectionState }),
  /** In these slices its tables reach here now, committed: at first in all of them, then in those that moved. */
  Schema.TaggedStruct("Reached", {
    name: Schema.String,
    upTo: Schema.Array(Schema.Struct({ slice: Schema.Int, slicePos: Schema.Int }))
  }),
  /** It no longer writes the tables. */
  Schema.TaggedStruct("Released", { name: Schema.String })
])
export type ProgressEvent = typeof ProgressEvent.Type
export type UpTo = Extract<ProgressEvent, { readonly _tag: "Reached" }>["upTo"]

interface Waiting {
  readonly token: PositionToken
  readonly reached: Deferred.Deferred<void>
}

interface Known {
  state: ProjectionState
  /** How far its tables reach, while this node writes them; null while another does. */
  positions: Array<number> | null
  readonly waiting: Set<Waiting>
  /** Slices that somebody has to wait for, until it is heard; the latch is open while there are any. */
  readonly asked: { readonly slices: Set<number>; readonly latch: Latch.Latch }
}

/** Whether tables that reach `positions` hold all that `token` names. */
export const covers = (position: (slice: number) => number | undefined, token: PositionToken): boolean =>
  Object.entries(token).every(([slice, pos]) => (position(Number(slice)) ?? -1) >= pos)

const ask = ({ asked }: Known, slices: Iterable<number>) => {
  for (const slice of slices) asked.slices.add(slice)
  if (asked.slices.size > 0) asked.latch.openUnsafe()
}

/** @param tell learns of every event, when it works for another process that shows it */
const make = (tell: (event: ProgressEvent) => void) => {
  const projections = new Map<string, Known>()
  const known = (name: string): Known => {
    const found = projections.get(name)
    if (found !== undefined) return found
    const fresh: Known = {
      state: { _tag: "Standby" },
      positions: null,
      waiting: new Set(),
      asked: { slices: new Set(), latch: Latch.makeUnsafe(false) }
    }
    projections.set(name, fresh)
    return fresh
  }
  const happen = (event: ProgressEvent) => {
    const projection = known(event.name)
    switch (event._tag) {
      case "Entered":
        // Every page enters the state it is in.
        if (projection.state === event.state) return
        projection.state = event.state
        break
      case "Reached": {
        const positions = projection.positions ?? []
        projection.positions = positions
        for (const { slice, slicePos } of event.upTo) positions[slice] = slicePos
        for (const { reached, token } of projection.waiting) {
          if (covers((slice) => positions[slice], token)) Deferred.doneUnsafe(reached, Effect.void)
        }
        break
      }
      case "Released":
        Object.assign(projection, { state: { _tag: "Standby" }, positions: null })
    }
    tell(event)
  }
  return {
    /** What each projection that ran or waited here is doing, for readiness and consoles. */
    states: Effect.sync(
      (): ReadonlyMap<string, ProjectionState> =>
        new Map([...projections].map(([name, { state }]) => [name, state]))
    ),
    happen: (event: ProgressEvent) => Effect.sync(() => happen(event)),
    enter: (name: string, state: ProjectionState) =>
      Effect.sync(() => happen({ _tag: "Entered", name, state })),
    /** In these slices this node's tables reach here now, committed. To be told of all of them first. */
    reach: (name: string, upTo: UpTo) => Effect.sync(() => happen({ _tag: "Reached", name, upTo })),
    /** This node no longer writes the tables. */
    release: (name: string) => Effect.sync(() => happen({ _tag: "Released", name })),
    /** How far they reach, if this node writes them. */
    positions: (name: string) => Effect.sync((): ReadonlyArray<number> | null => known(name).positions),
    /** Somebody waits for what it does not hold yet of these slices: whoever keeps it up with the log is not to rest. */
    ask: (name: string, slices: Iterable<number>) => Effect.sync(() => ask(known(name), slices)),
    /** Ends when somebody has asked and nobody has taken it up. */
    asked: (name: string) => Effect.suspend(() => known(name).asked.latch.await),
    /** Takes up what was asked for. */
    takeAsked: (name: string) =>
      Effect.sync((): ReadonlyArray<number> => {
        const { latch, slices } = known(name).asked
        const taken = [...slices]
        slices.clear()
        latch.closeUnsafe()
        return taken
      }),
    /** Ends as soon as this node's tables hold all that the token names; never, if another node writes them. */
    reached: (name: string, token: PositionToken) =>
      Effect.suspend(() => {
        const projection = known(name)
        const { positions, waiting } = projection
        if (positions !== null && covers((slice) => positions[slice], token)) return Effect.void
        const entry: Waiting = { token, reached: Deferred.makeUnsafe() }
        waiting.add(entry)
        ask(projection, Object.keys(token).map(Number))
        return Effect.ensuring(
          Deferred.await(entry.reached),
          Effect.sync(() => waiting.delete(entry))
        )
      })
  }
}

/** What this process knows about its projections without asking the database. One a process. */
export class ProjectionProgress extends Context.Service<ProjectionProgress, ReturnType<typeof make>>()(
  "@indelible/projections/engine/ProjectionProgress"
) {
  static readonly layer = Layer.sync(this, () => make(() => {}))
  /** For a thread that works for the one that answers queries. */
  static readonly layerTelling = (tell: (event: ProgressEvent) => void) => Layer.sync(this, () => make(tell))
}
