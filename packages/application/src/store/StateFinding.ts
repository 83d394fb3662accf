import { Schema } from "effect"

/** A field whose kept value is not the one that the events fold to. */
export const FieldDifference = Schema.Struct({
  /** Where it is in the state, as `tally.unread.worker`; `state` for all of it. */
  field: Schema.String,
  /** Both as JSON, `absent` where there is none. States hold no content, and people only by their pseudonyms. */
  kept: Schema.String,
  folded: Schema.String
})
export type FieldDifference = typeof FieldDifference.Type

const finding = <const Tag extends string, Fields extends Schema.Struct.Fields>(tag: Tag, fields: Fields) =>
  Schema.Struct({ _tag: Schema.Literal(tag), streamId: Schema.String, ...fields })

/** What is wrong with a stream whose state was compared with its events. */
export const StateFinding = Schema.Union([
  /** Commands are decided on another state than the events up to `pos` make. */
  finding("StateDiffers", { pos: Schema.Int, fields: Schema.Array(FieldDifference) }),
  finding("EventMissing", { pos: Schema.Int }),
  finding("EventUnreadable", {
    pos: Schema.Int,
    type: Schema.String,
    schemaVersion: Schema.Int,
    /** `unknown`: a newer program wrote it, and has to check it. */
    reason: Schema.Literals(["unknown", "malformed"])
  }),
  /** No fault: a newer program stored the state, and has to check it. */
  finding("StateOfNewerProgram", {}),
  /** The state or the header of an event does not even decode, the stream's last event is not there, or the fold threw. */
  finding("StreamDamaged", {})
])
export type StateFinding = typeof StateFinding.Type

/** Whether somebody has to look, rather than only run a newer program. */
export const isFault = (finding: StateFinding): boolean =>
  finding._tag === "EventUnreadable" ? finding.reason === "malformed" : finding._tag !== "StateOfNewerProgram"

/** For logs. */
export const describeFinding = (finding: StateFinding): string => {
  const { streamId } = finding
  switch (finding._tag) {
    case "StateDiffers": {
      const fields = finding.fields.map(({ field, folded, kept }) => `${field} is ${kept}, not ${folded}`)
      return `${streamId} ${finding.pos}: the kept state is not what the events fold to: ${fields.join("; ")}`
    }
    case "EventMissing":
      return `${streamId} ${finding.pos}: there is no event`
    case "EventUnreadable":
      return `${streamId} ${finding.pos}: ${finding.type} version ${finding.schemaVersion} is ${finding.reason} to this program`
    case "StateOfNewerProgram":
      return `${streamId}: the state was stored by a newer program`
    case "StreamDamaged":
      return `${streamId}: the state or an event does not decode, is not there, or cannot be folded`
  }
}
