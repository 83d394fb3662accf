import { ConnectionCalls } from "@indelible/api/rpc/ConnectionCalls"
import { Effect } from "effect"
import { authenticate } from "./Authenticate.ts"
import { follow } from "./Follow.ts"
import { openConversations } from "./OpenConversations.ts"

export const layer = ConnectionCalls.toLayer(
  Effect.map(Effect.all([authenticate, follow, openConversations]), ([Authenticate, Follow, open]) =>
    ConnectionCalls.of({ Authenticate, Follow, ...open })
  )
)
