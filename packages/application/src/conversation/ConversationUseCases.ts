import { Layer } from "effect"
import { ArchiveConversation } from "./ArchiveConversation.ts"
import { ConversationAccess } from "./ConversationAccess.ts"
import { DescribeConversation } from "./DescribeConversation.ts"
import { MarkDelivered } from "./MarkDelivered.ts"
import { MarkRead } from "./MarkRead.ts"
import { ReopenConversation } from "./ReopenConversation.ts"
import { SendText } from "./SendText.ts"
import { StartConversation } from "./StartConversation.ts"

/** Everything a person can do to a conversation. */
export const layer = Layer.mergeAll(
  StartConversation.layer,
  SendText.layer,
  MarkRead.layer,
  MarkDelivered.layer,
  ArchiveConversation.layer,
  ReopenConversation.layer,
  DescribeConversation.layer
).pipe(Layer.provideMerge(ConversationAccess.layer))
