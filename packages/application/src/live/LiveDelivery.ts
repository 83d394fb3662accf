import type { ConversationEvent } from "@indelible/domain/conversation/ConversationEvent"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, type Effect } from "effect"
import type { RecordedEvent } from "../store/EventStore.ts"
import type { StreamId } from "../store/StreamId.ts"

/**
 * Carries events from where they were recorded to the devices of the people they concern, on every node, at once.
 *
 * - **A hint, not the truth**: a publication may be lost, late or doubled, and two of one conversation may overtake each
 *   other. Whoever delivers also tails the log, hands out by position, and so makes good whatever a hint missed.
 * - **After commit only**: what is published was recorded. A device never sees what could still be undone.
 * - **Never in the way**: it does not fail, and it does not wait for a device, a network or another node. A command is as
 *   durable and as fast with every channel down.
 */
export class LiveDelivery extends Context.Service<
  LiveDelivery,
  {
    /** Events of one command, ascending, with the content that its writer sent. `participants` may see them all. */
    readonly publish: (
      stream: StreamId,
      participants: ReadonlyArray<SubjectId>,
      events: ReadonlyArray<RecordedEvent<ConversationEvent>>
    ) => Effect.Effect<void>
  }
>()("@indelible/application/live/LiveDelivery") {}
