import { Effect } from "effect"
import type { FrameHandler } from "./FrameHandler.ts"
import { ackDelivered } from "./frames/AckDelivered.ts"
import { authenticate } from "./frames/Authenticate.ts"
import { joinConversation } from "./frames/JoinConversation.ts"
import { leaveConversation } from "./frames/LeaveConversation.ts"
import { markRead } from "./frames/MarkRead.ts"
import { ping } from "./frames/Ping.ts"
import { resume } from "./frames/Resume.ts"
import { sendMessage } from "./frames/SendMessage.ts"
import { typingStart } from "./frames/TypingStart.ts"
import { typingStop } from "./frames/TypingStop.ts"

/** Every frame that clients may send, by its type. A Map: no name that a client makes up finds anything else in it. */
export const frameHandlers = Effect.all([
  authenticate,
  joinConversation,
  leaveConversation,
  sendMessage,
  markRead,
  ackDelivered,
  resume,
  typingStart,
  typingStop,
  Effect.succeed(ping)
]).pipe(
  Effect.map(
    (handlers): ReadonlyMap<string, FrameHandler> =>
      new Map(handlers.map((handler) => [handler.type, handler]))
  )
)
