import { ConnectionCalls } from "@indelible/api/rpc/ConnectionCalls"
import { Effect } from "effect"
import { authenticate } from "./Authenticate.ts"
import { follow } from "./Follow.ts"

export const layer = ConnectionCalls.toLayer(
  Effect.map(Effect.all([authenticate, follow]), ([Authenticate, Follow]) =>
    ConnectionCalls.of({ Authenticate, Follow })
  )
)
