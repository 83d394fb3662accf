import type { Principal } from "@indelible/application/identity/Principal"
import { Context, Effect } from "effect"
import type { RpcConnection } from "./RpcConnection.ts"

/** Who makes a call, and over what. */
export interface Caller {
  /** undefined on a connection that has not signed in yet. */
  readonly principal: Principal | undefined
  /** undefined over HTTP. */
  readonly connection: RpcConnection | undefined
  /** Lets the stream that answers the call go on as if the client had taken its last part. */
  readonly goOn: Effect.Effect<void>
}

export const Caller = Context.Reference<Caller>("@indelible/server/rpc/Caller", {
  defaultValue: () => ({ principal: undefined, connection: undefined, goOn: Effect.void })
})
