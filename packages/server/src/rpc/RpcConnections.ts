import type { Principal } from "@indelible/application/identity/Principal"
import { Context, Effect, Layer, Metric } from "effect"
import { connectionMeasures } from "../metrics/ConnectionMeasures.ts"
import { makeRegistry } from "../realtime/ConnectionRegistry.ts"
import type { RpcConnection } from "./RpcConnection.ts"
import { RpcSettings } from "./RpcSettings.ts"

const measures = connectionMeasures(
  Metric.gauge("indelible_rpc_connections", { description: "RPC connections open on this node" }),
  Metric.counter("indelible_rpc_closes_total", {
    description: "RPC connections closed, by close code; 1006 is one that went away without a word",
    incremental: true
  })
)

/** The RPC connections of this node, and whose they are. */
export class RpcConnections extends Context.Service<RpcConnections>()(
  "@indelible/server/rpc/RpcConnections",
  {
    make: Effect.gen(function* () {
      return yield* makeRegistry<Principal, RpcConnection>(yield* RpcSettings, yield* measures)
    })
  }
) {
  static readonly layer = Layer.effect(this, this.make)
}
