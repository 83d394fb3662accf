import { ConnectionCalls } from "./ConnectionCalls.ts"
import { ConversationCalls } from "./ConversationCalls.ts"
import { DirectoryCalls } from "./DirectoryCalls.ts"
import { MessageCalls } from "./MessageCalls.ts"
import { OperationCalls } from "./OperationCalls.ts"
import { PeopleCalls } from "./PeopleCalls.ts"
import { SearchCalls } from "./SearchCalls.ts"

/** Every use case, as it is called over HTTP. */
export const indelibleRpcs = ConversationCalls.merge(
  MessageCalls,
  SearchCalls,
  PeopleCalls,
  DirectoryCalls,
  OperationCalls
)

/** And over WebSocket, where there is a connection besides. */
export const connectedRpcs = indelibleRpcs.merge(ConnectionCalls)
