import { Schema } from "effect"
import type { EventCatalogue } from "../event/EventCatalogue.ts"
import { defineEvent, type EventOf } from "../event/EventDefinition.ts"
import { SubjectId } from "../subject/SubjectId.ts"

// Every name and field below is stored for ever. Never rename or retype one: declare the next version.

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const Side = Schema.Literals(["business", "worker"])
export type Side = typeof Side.Type

export const ConversationStatus = Schema.Literals(["ACTIVE", "ARCHIVED", "AUTO_ARCHIVED"])
export type ConversationStatus = typeof ConversationStatus.Type

const BothSides = Schema.Struct({ business: Count, worker: Count })

/** Where the conversation stands after an event: every event carries it, so no reader ever has to count. */
export const Tally = Schema.Struct({
  status: ConversationStatus,
  /** Messages so far; the newest message's gap-free sequence number. */
  seq: Count,
  /** Messages each side has sent. */
  sent: BothSides,
  /** Messages of the other side that each side has not read. */
  unread: BothSides
})
export type Tally = typeof Tally.Type

/** A place in the conversation, by message sequence, with what each side had sent up to it. */
export const Mark = Schema.Struct({ seq: Count, sent: BothSides })
export type Mark = typeof Mark.Type

const MetadataValue = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean, Schema.Null])
/** The platform's own flat labels on a message: kept, returned as sent, never searched. */
export const Metadata = Schema.Record(Schema.String, MetadataValue)
export type Metadata = typeof Metadata.Type

const ConversationStarted = defineEvent("ConversationStarted", {
  facts: Schema.Struct({ business: SubjectId, worker: SubjectId, tally: Tally }),
  body: Schema.Struct({ applicationId: Schema.String })
})

const TextSent = defineEvent("TextSent", {
  facts: Schema.Struct({ side: Side, tally: Tally }),
  body: Schema.Struct({ text: Schema.String, metadata: Schema.NullOr(Metadata) })
})

const MessagesDelivered = defineEvent("MessagesDelivered", {
  facts: Schema.Struct({ side: Side, upTo: Mark, tally: Tally }),
  body: Schema.Null
})

/** Reading up to a message delivers up to it as well. */
const MessagesRead = defineEvent("MessagesRead", {
  facts: Schema.Struct({ side: Side, upTo: Mark, tally: Tally }),
  body: Schema.Null
})

const Archiver = Schema.Union([Side, Schema.Literal("system")])

export const ArchiveCause = Schema.Literals(["request", "inactivity"])
export type ArchiveCause = typeof ArchiveCause.Type

/** Why it was archived, where only who did it was written down: the system had no other reason then than inactivity. */
export const unwrittenArchiveCause = (by: typeof Archiver.Type): ArchiveCause =>
  by === "system" ? "inactivity" : "request"

const ConversationArchived = defineEvent("ConversationArchived", {
  facts: Schema.Struct({ by: Archiver, tally: Tally }),
  body: Schema.Null
}).next(
  { facts: Schema.Struct({ by: Archiver, cause: ArchiveCause, tally: Tally }), body: Schema.Null },
  ({ body, facts }) => ({ facts: { ...facts, cause: unwrittenArchiveCause(facts.by) }, body })
)

const ConversationReopened = defineEvent("ConversationReopened", {
  facts: Schema.Struct({ by: Side, cause: Schema.Literals(["message", "request"]), tally: Tally }),
  body: Schema.Null
})

export type ConversationStarted = EventOf<typeof ConversationStarted>
export type TextSent = EventOf<typeof TextSent>
export type MessagesDelivered = EventOf<typeof MessagesDelivered>
export type MessagesRead = EventOf<typeof MessagesRead>
export type ConversationArchived = EventOf<typeof ConversationArchived>
export type ConversationReopened = EventOf<typeof ConversationReopened>

export type ConversationEvent =
  | ConversationStarted
  | TextSent
  | MessagesDelivered
  | MessagesRead
  | ConversationArchived
  | ConversationReopened

export const conversationEvents: EventCatalogue<ConversationEvent> = {
  ConversationStarted,
  TextSent,
  MessagesDelivered,
  MessagesRead,
  ConversationArchived,
  ConversationReopened
}
