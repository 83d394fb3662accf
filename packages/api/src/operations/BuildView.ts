import { Schema } from "effect"

const Moment = Schema.String.annotate({ description: "ISO 8601 UTC." })

/** Both sets of tables compared at one place of the record. */
const ComparisonView = Schema.Struct({
  equal: Schema.Boolean,
  rows: Schema.Int.annotate({ description: "Rows of the live tables that were compared." }),
  events: Schema.Int.annotate({ description: "Events folded into both." }),
  slices: Schema.Array(
    Schema.Struct({
      table: Schema.String,
      slice: Schema.Int,
      liveRows: Schema.Int,
      builtRows: Schema.Int
    })
  ).annotate({ description: "Where the digests differ." }),
  differences: Schema.Array(
    Schema.Struct({
      table: Schema.String,
      slice: Schema.Int,
      key: Schema.Record(Schema.String, Schema.Json),
      kind: Schema.Literals(["differs", "only live", "only built"]),
      fields: Schema.Array(
        Schema.Struct({ field: Schema.String, live: Schema.Json, built: Schema.Json })
      ).annotate({ description: "Content is told by its length only." }),
      lastEvent: Schema.NullOr(
        Schema.Struct({
          streamId: Schema.String,
          streamPos: Schema.Int,
          type: Schema.String,
          recordedAt: Moment
        })
      ).annotate({ description: "The last event that the row comes from; null if none was found." })
    })
  ).annotate({ description: "The first of the rows that differ." }),
  parked: Schema.Array(Schema.String).annotate({
    description: "Streams that one of the two does not follow for now; their rows were left out."
  })
})

/** A rebuild, a verification or a roll-back, going on or ended. Also what the command line prints with `--json`. */
export const BuildView = Schema.Struct({
  id: Schema.Int,
  projection: Schema.String,
  kind: Schema.Literals(["rebuild", "verify", "rollback"]),
  state: Schema.Literals(["waiting", "running", "paused", "cancelling", "done", "cancelled", "failed"]),
  stage: Schema.NullOr(Schema.Literals(["folding", "indexing", "catching up", "comparing", "switching"])),
  requestedBy: Schema.String.annotate({
    description: "Who asked for it: the pseudonym of an engineer, or a name given on the command line."
  }),
  requestedAt: Moment,
  begunAt: Schema.NullOr(Moment),
  endedAt: Schema.NullOr(Moment),
  node: Schema.NullOr(Schema.String).annotate({ description: "The node that works on it." }),
  maxRate: Schema.NullOr(Schema.Int).annotate({
    description: "Events a second at most; null: as fast as the machine allows while nobody writes."
  }),
  events: Schema.Int,
  expected: Schema.Int,
  rate: Schema.Finite.annotate({ description: "Events a second over the last seconds." }),
  eta: Schema.NullOr(Schema.Finite).annotate({
    description: "Seconds until all is folded at this rate; null when that cannot be told."
  }),
  ranges: Schema.Array(
    Schema.Struct({ from: Schema.Int, to: Schema.Int, events: Schema.Int, expected: Schema.Int })
  ).annotate({ description: "Ranges of slices, folded side by side." }),
  comparison: Schema.NullOr(ComparisonView),
  message: Schema.NullOr(Schema.String).annotate({
    description: "Why there is no comparison, or what goes wrong."
  }),
  keepHours: Schema.Int.annotate({
    description: "Hours for which the tables that it replaces are kept for a roll-back."
  }),
  keptUntil: Schema.NullOr(Moment).annotate({
    description: "Until when the tables that it replaced are kept for a roll-back."
  })
})
export type BuildView = typeof BuildView.Type
