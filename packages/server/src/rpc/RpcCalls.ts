import { Layer } from "effect"
import * as Authorizing from "./Authorizing.ts"
import { CallServer } from "./CallServer.ts"
import * as ConnectionCalls from "./calls/ConnectionCalls.ts"
import * as ConversationCalls from "./calls/ConversationCalls.ts"
import * as DirectoryCalls from "./calls/DirectoryCalls.ts"
import * as MessageCalls from "./calls/MessageCalls.ts"
import * as OperationCalls from "./calls/OperationCalls.ts"
import * as PeopleCalls from "./calls/PeopleCalls.ts"
import * as SearchCalls from "./calls/SearchCalls.ts"
import { RpcConnections } from "./RpcConnections.ts"
import * as Rules from "./Rules.ts"

const calls = Layer.mergeAll(
  ConnectionCalls.layer,
  ConversationCalls.layer,
  MessageCalls.layer,
  SearchCalls.layer,
  PeopleCalls.layer,
  DirectoryCalls.layer,
  OperationCalls.layer
)

/** Every call of the interface, ready to be made over whatever transport. */
export const layer = CallServer.layerNoDeps.pipe(
  Layer.provide([calls, Rules.layer, Authorizing.layer]),
  Layer.provideMerge(RpcConnections.layer)
)
