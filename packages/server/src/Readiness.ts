import { TokenVerifier } from "@indelible/application/identity/TokenVerifier"
import { LiveBus } from "@indelible/application/live/LiveBus"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { Context, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { Traffic } from "./http/edge/Traffic.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const progress = yield* ProjectionProgress
  const verifier = yield* TokenVerifier
  const traffic = yield* Traffic
  const bus = yield* LiveBus

  const database = sql`SELECT 1`.pipe(
    Effect.timeout("1 second"),
    Effect.match({ onSuccess: () => ({}), onFailure: () => ({ database: "does not answer" }) })
  )
  const projections = Effect.map(progress.states, (states) =>
    Object.fromEntries(
      [...states].flatMap(([name, state]) =>
        state._tag === "Halted" ? [[`projection ${name}`, "is halted; see the log"]] : []
      )
    )
  )
  const keys = Effect.map(verifier.ready, (ready) => (ready ? {} : { "sign-in": "has no keys yet" }))
  const draining = Effect.map(traffic.isDraining, (yes) => (yes ? { node: "is stopping" } : {}))

  /** What keeps this node from serving, by part; empty when nothing does. Names no host and no cause. */
  const missing: Effect.Effect<Readonly<Record<string, string>>> = Effect.all(
    [draining, database, projections, keys],
    { concurrency: "unbounded" }
  ).pipe(Effect.map((parts) => Object.assign({}, ...parts)))

  /** What works less well than it should, by part; this node serves all the same. */
  const degraded: Effect.Effect<Readonly<Record<string, string>>> = Effect.map(bus.connected, (connected) =>
    connected ? {} : { redis: "is not reached: what others write is shown up to 5 s late" }
  )

  return { missing, degraded }
})

/** Whether this node should be sent requests. */
export class Readiness extends Context.Service<Readiness, Effect.Success<typeof make>>()(
  "@indelible/server/Readiness"
) {
  static readonly layer = Layer.effect(this, make)
}
