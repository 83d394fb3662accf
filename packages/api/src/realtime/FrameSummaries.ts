import type { ClientFrame } from "./ClientFrame.ts"
import type { ServerFrame } from "./ServerFrame.ts"

/** Each type of frame in a line, for the AsyncAPI document. */
export const frameSummaries: Readonly<Record<ClientFrame["type"] | ServerFrame["type"], string>> = {
  authenticate: "Says who one is, first of all; again with a newer token, to stay longer",
  join_conversation: "Opens a conversation on this socket and asks where it stands",
  leave_conversation: "Closes it again",
  send_message: "Sends a text; the same clientMessageId with the same content is the same message, for ever",
  mark_read: "Reads everything up to a position",
  ack_delivered: "Says that this device has everything up to a position",
  resume: "Asks for what was missed, after a new connection or to fill a gap",
  typing_start: "Says that one types in a joined conversation; again every second or two",
  typing_stop: "Says that one does not any more",
  ping: "Asks for a pong, for programs that cannot see the protocol's own",
  authenticated: "The token was accepted",
  joined: "Where the conversation stands; what follows comes by itself",
  left: "The conversation is closed on this socket",
  resumed: "What was missed has come; how each conversation stands",
  message_received: "A message (durable)",
  message_sent: "The message is on disk, for the socket that sent it (durable, unless it says repeat)",
  message_delivered: "A device has the messages (durable, unless it says repeat)",
  message_read: "The messages were read (durable, unless it says repeat)",
  conversation_updated: "The conversation was started, archived or re-opened (durable)",
  unread_count: "One's unread messages of a conversation",
  unread_total: "One's unread messages of all conversations",
  user_typing: "The other person of a joined conversation types, or does not any more",
  user_online: "The other person of a joined conversation has a device connected",
  user_offline: "They have none any more",
  error: "A frame was refused; the socket lives on",
  pong: "The answer to ping",
  draining: "The node stops: the socket is closed next"
}
