import { Schema } from "effect"
import { ParkedStreamView, ProjectionView } from "./ProjectionView.ts"

export const Projections = Schema.Struct({ projections: Schema.Array(ProjectionView) })

export const ParkedStreams = Schema.Struct({
  parked: Schema.Array(ParkedStreamView).annotate({
    description: "Those that wait longest first, at most 1,000."
  })
})

export const RetriesAsked = Schema.Struct({
  asked: Schema.Int.annotate({ description: "Streams that are tried again, within a second or two." })
})
