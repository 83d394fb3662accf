import type { Principal } from "@indelible/application/identity/Principal"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { Context, Effect, Layer } from "effect"
import { connectionMeasures } from "../metrics/CallMeasures.ts"
import type { RpcConnection } from "./RpcConnection.ts"
import { RpcSettings } from "./RpcSettings.ts"

const nobody: ReadonlySet<RpcConnection> = new Set()

/** Programs have no pseudonym. */
const keyOf = ({ subject, userId }: Principal): string => subject ?? `service ${userId}`

/** The RPC connections of this node, and whose they are. */
export class RpcConnections extends Context.Service<RpcConnections>()(
  "@indelible/server/rpc/RpcConnections",
  {
    make: Effect.gen(function* () {
      const { maxConnectionsPerUser } = yield* RpcSettings
      const measures = yield* connectionMeasures
      const open = new Set<RpcConnection>()
      const byPrincipal = new Map<string, Set<RpcConnection>>()

      const leave = (connection: RpcConnection) => {
        if (connection.principal === undefined) return
        const key = keyOf(connection.principal)
        const theirs = byPrincipal.get(key)
        theirs?.delete(connection)
        if (theirs?.size === 0) byPrincipal.delete(key)
      }

      return {
        /** Every connection that is not closed yet. */
        open: open as ReadonlySet<RpcConnection>,
        of: (subject: SubjectId): ReadonlySet<RpcConnection> => byPrincipal.get(subject) ?? nobody,
        enter: (connection: RpcConnection) => {
          open.add(connection)
          measures.open(open.size)
        },
        /** Gives a connection its person or program; false when they have as many as one may have. */
        join: (connection: RpcConnection, principal: Principal): boolean => {
          const key = keyOf(principal)
          const theirs = byPrincipal.get(key) ?? new Set()
          if (theirs.size >= maxConnectionsPerUser) return false
          connection.principal = principal
          byPrincipal.set(key, theirs.add(connection))
          return true
        },
        leave,
        exit: (connection: RpcConnection, code: number | "protocol-error") => {
          leave(connection)
          open.delete(connection)
          measures.open(open.size)
          measures.closed(connection.endedBy ?? code)
        }
      }
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
