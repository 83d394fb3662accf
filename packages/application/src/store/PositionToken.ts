import { Schema } from "effect"

/** How far the log is known to reach: `{slice: position}`. A query given one answers at least that fresh. */
export const PositionToken = Schema.Record(Schema.String, Schema.Int)
export type PositionToken = typeof PositionToken.Type
