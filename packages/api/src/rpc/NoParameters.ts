import { Schema } from "effect"

/** Of methods that take nothing. A field is an error: `Schema.Struct({})` would take anything. */
export const NoParameters = Schema.Record(Schema.String, Schema.Never)
