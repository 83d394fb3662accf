import { Schema } from "effect"

/**
 * Tables made anew beside the live ones: `rebuild` puts them in their place, `verify` only compares, `rollback` puts
 * back the tables that the last switch replaced.
 */
export const BuildKind = Schema.Literals(["rebuild", "verify", "rollback"])
export type BuildKind = typeof BuildKind.Type

export const BuildState = Schema.Literals([
  /** Nobody has taken it up, or taken it up again. */
  "waiting",
  "running",
  /** Until it is resumed; what it has made stays. */
  "paused",
  /** Whoever owns it is asked to stop and to remove what it has made. */
  "cancelling",
  "done",
  "cancelled",
  "failed"
])
export type BuildState = typeof BuildState.Type

export const BuildStage = Schema.Literals(["folding", "indexing", "catching up", "comparing", "switching"])
export type BuildStage = typeof BuildStage.Type

/** Slices from `from` to `to`, folded one page after the other. */
export const BuildRange = Schema.Struct({
  from: Schema.Int,
  to: Schema.Int,
  /** Events folded. */
  events: Schema.Int,
  /** Events that the log had in these slices when it was counted last. */
  expected: Schema.Int
})
export type BuildRange = typeof BuildRange.Type

/** One value of a row in both sets of tables. Content is told by its length only. */
export const FieldDifference = Schema.Struct({
  field: Schema.String,
  live: Schema.Unknown,
  built: Schema.Unknown
})

export const RowDifference = Schema.Struct({
  table: Schema.String,
  slice: Schema.Int,
  /** The primary key, by column. */
  key: Schema.Record(Schema.String, Schema.Unknown),
  kind: Schema.Literals(["differs", "only live", "only built"]),
  fields: Schema.Array(FieldDifference),
  /** The last event that the row comes from; null if none was found. */
  lastEvent: Schema.NullOr(
    Schema.Struct({
      streamId: Schema.String,
      streamPos: Schema.Int,
      type: Schema.String,
      recordedAt: Schema.String
    })
  )
})
export type RowDifference = typeof RowDifference.Type

/** Both sets of tables compared at one vector of slice positions. */
export const Comparison = Schema.Struct({
  equal: Schema.Boolean,
  /** Rows of the live tables that were compared. */
  rows: Schema.Int,
  /** Sum of the slice positions at which they were compared. */
  events: Schema.Int,
  /** Where the digests differ. */
  slices: Schema.Array(
    Schema.Struct({
      table: Schema.String,
      slice: Schema.Int,
      liveRows: Schema.Int,
      builtRows: Schema.Int
    })
  ),
  /** The first of the rows that differ. */
  differences: Schema.Array(RowDifference),
  /** Streams that one of the two does not follow for now; their rows were left out. */
  parked: Schema.Array(Schema.String)
})
export type Comparison = typeof Comparison.Type

/** A job that makes tables, as everyone sees it. */
export interface Build {
  readonly id: number
  readonly projection: string
  readonly kind: BuildKind
  readonly state: BuildState
  readonly stage: BuildStage | null
  /** Who asked for it. */
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly begunAt: Date | null
  readonly endedAt: Date | null
  /** The node that works on it. */
  readonly node: string | null
  /** Events a second at most; null: as fast as the machine allows while nobody writes. */
  readonly maxRate: number | null
  readonly events: number
  readonly expected: number
  /** Events a second over the last seconds. */
  readonly rate: number
  /** Seconds until all is folded at this rate; null when that cannot be told. */
  readonly eta: number | null
  readonly ranges: ReadonlyArray<BuildRange>
  readonly comparison: Comparison | null
  /** Why there is no comparison, or what goes wrong. */
  readonly message: string | null
  /** How long the tables that it replaces are kept for a roll-back. */
  readonly keepHours: number
  /** Until when the tables that it replaced are kept for a roll-back. */
  readonly keptUntil: Date | null
}
