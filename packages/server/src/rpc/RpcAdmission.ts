import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { converses, type Principal } from "@indelible/application/identity/Principal"
import { SessionWatch } from "@indelible/application/identity/SessionWatch"
import { Effect } from "effect"
import type { RpcConnection } from "./RpcConnection.ts"
import { RpcConnections } from "./RpcConnections.ts"

/** Why somebody may not stay, as a connection is closed and as its people are told. */
export const turnedAway = {
  identity: { code: CloseCode.identity, reason: "sign in again" },
  tooMany: { code: CloseCode.tooManySockets, reason: "too many connections of this person" }
} as const

/** Gives connections whoever is at their other end. Each answers why they may not stay, if so. */
export const rpcAdmission = Effect.gen(function* () {
  const connections = yield* RpcConnections
  const { endOf } = yield* SessionWatch

  /** Registered first, then asked: their standing may have changed while the token was looked at. */
  const confirm = (principal: Principal) => (endOf(principal) === undefined ? undefined : turnedAway.identity)

  return {
    admit: (connection: RpcConnection, principal: Principal) => {
      // It may have gone while its token was looked at, and would be kept for ever.
      if (!connection.live) return undefined
      return connections.join(connection, principal) ? confirm(principal) : turnedAway.tooMany
    },
    /** Puts a newer token in the place of the one before, also for what is streamed. */
    renew: (connection: Pick<RpcConnection, "follows" | "principal">, principal: Principal) => {
      connection.principal = principal
      for (const session of connection.follows) {
        if (converses(principal)) session.principal = principal
        // Their role is another now, and the watch may not have told yet.
        else session.end(turnedAway.identity.code, turnedAway.identity.reason)
      }
      return confirm(principal)
    }
  }
})
