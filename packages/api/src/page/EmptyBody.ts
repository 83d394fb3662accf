import { Schema } from "effect"

/** For requests that say all in their path. A field in the body is an error: `Schema.Struct({})` would take anything. */
export const emptyBody = [Schema.Record(Schema.String, Schema.Never), Schema.Null] as const
