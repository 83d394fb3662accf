import { readFileSync } from "node:fs"
import { EventHeader } from "@indelible/application/store/EventHeader"
import { Schema } from "effect"

/** One stored event as it was written on some day, with the key to open it. Never edited, never removed. */
export const GoldenEvent = Schema.Struct({
  aggregate: Schema.Literals(["conversation"]),
  type: Schema.String,
  schemaVersion: Schema.Int,
  /** base64 of the stored header. */
  header: Schema.String,
  /** hex. */
  headerHash: Schema.String,
  /** base64 of the stored body, or null. */
  body: Schema.NullOr(Schema.String),
  /** base64 of the content key the body is under. */
  contentKey: Schema.String,
  /** What it said when it was written. */
  said: Schema.Struct({ facts: Schema.Unknown, body: Schema.Unknown })
})
export type GoldenEvent = typeof GoldenEvent.Type

const file = new URL("events.golden.json", import.meta.url)

export const goldenEvents = (): ReadonlyArray<GoldenEvent> =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(GoldenEvent)))(readFileSync(file, "utf8"))

export const headerOf = (golden: GoldenEvent): EventHeader =>
  Schema.decodeUnknownSync(Schema.fromJsonString(EventHeader))(
    Buffer.from(golden.header, "base64").toString("utf8")
  )
