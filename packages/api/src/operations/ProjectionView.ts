import { Schema } from "effect"
import { BuildView } from "./BuildView.ts"

/** How a read model is doing, whichever node works on it. */
export const ProjectionView = Schema.Struct({
  name: Schema.String,
  version: Schema.Int.annotate({ description: "Of the program that answers." }),
  builtFor: Schema.NullOr(Schema.Int).annotate({
    description:
      "Version that the live tables were made for: another one needs a rebuild. Null: there are no tables."
  }),
  owner: Schema.NullOr(Schema.String).annotate({
    description: "The node that keeps the live tables up with the record; null while nobody does."
  }),
  halted: Schema.NullOr(
    Schema.Struct({
      since: Schema.String.annotate({ description: "ISO 8601 UTC." }),
      node: Schema.String.annotate({ description: "The node that cannot go on; its log has more." }),
      error: Schema.String
    })
  ).annotate({
    description:
      'Why the live tables no longer follow the record, when somebody has to look; null: nothing halts it. It goes on by itself once that is mended. What to do: docs/operations.md, "A projection is halted".'
  }),
  events: Schema.Int.annotate({ description: "Events folded, over all slices." }),
  expected: Schema.Int.annotate({ description: "Events in the record, over all slices." }),
  lagSeconds: Schema.Finite.annotate({
    description: "Age of the oldest event that is not folded yet; 0 when all are."
  }),
  parked: Schema.Int.annotate({ description: "Streams that it does not follow for now." }),
  build: Schema.NullOr(BuildView).annotate({ description: "The newest one, going on or ended." }),
  asked: Schema.Array(Schema.Struct({ at: Schema.String, what: Schema.String, by: Schema.String })).annotate({
    description: "The last that engineers asked for, newest first."
  })
})
export type ProjectionView = typeof ProjectionView.Type

/** A stream that a read model does not follow for now, since one of its events cannot be folded. */
export const ParkedStreamView = Schema.Struct({
  streamId: Schema.String,
  slice: Schema.Int,
  streamPos: Schema.Int.annotate({ description: "The first event that is not in the tables." }),
  type: Schema.String,
  schemaVersion: Schema.Int,
  error: Schema.String,
  attempts: Schema.Int,
  parkedAt: Schema.String,
  triedAt: Schema.String,
  retry: Schema.Boolean.annotate({ description: "It is about to be tried again." })
})
export type ParkedStreamView = typeof ParkedStreamView.Type
