import { Schema } from "effect"

/** An event as engineers see it: all that is stored in the clear, and of its content the size alone. */
export const EventView = Schema.Struct({
  slice: Schema.Int,
  slicePos: Schema.Int,
  streamId: Schema.String,
  streamPos: Schema.Int,
  recordedAt: Schema.String,
  type: Schema.String,
  schemaVersion: Schema.Int.annotate({ description: "The version it was written in." }),
  readAs: Schema.NullOr(Schema.Int).annotate({
    description: "Today's version of its type, in which `facts` are; null when this program cannot read it."
  }),
  unreadable: Schema.NullOr(Schema.Literals(["unknown", "malformed"])).annotate({
    description:
      "Why it cannot: a newer program wrote it, or it is damaged. `facts` are then as they were written."
  }),
  actor: Schema.String.annotate({ description: "A pseudonym, or `system`." }),
  facts: Schema.Json,
  content: Schema.NullOr(Schema.Struct({ bytes: Schema.Int, keyId: Schema.String })).annotate({
    description: "Its stored size and the key it is under; null for an event without content."
  }),
  node: Schema.String,
  client: Schema.String,
  correlationId: Schema.String
})
export type EventView = typeof EventView.Type

export const EventPageView = Schema.Struct({
  events: Schema.Array(EventView),
  next: Schema.NullOr(Schema.Int).annotate({
    description: "Position to go on after; null when there is no more."
  })
})
export type EventPageView = typeof EventPageView.Type
