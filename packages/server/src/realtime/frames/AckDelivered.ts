import { AckDelivered } from "@indelible/api/realtime/ClientFrame"
import { Effect } from "effect"
import { Acknowledgements } from "../Acknowledgements.ts"
import { personFrame } from "../FrameHandler.ts"

/** Does not wait for its answer, so that those that come meanwhile become one with it. */
export const ackDelivered = Effect.map(Acknowledgements, ({ take }) =>
  personFrame(AckDelivered, (session, { subject }, { conversationId, id, upTo }) =>
    Effect.sync(() => take({ session, by: subject, conversation: conversationId, upTo, id }))
  )
)
