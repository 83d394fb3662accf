import { DrainingProblem } from "@indelible/api/problem/CallProblems"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import { Identity } from "@indelible/application/identity/Identity"
import type { Principal } from "@indelible/application/identity/Principal"
import { Clock, Duration, Effect, FiberSet, Layer, Schedule } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import type { WebSocket } from "ws"
import { nameRequest } from "../answers/NameRequest.ts"
import { refuse } from "../answers/Refuse.ts"
import { RequestRecord } from "../answers/RequestRecord.ts"
import { closeAll } from "../realtime/CloseAll.ts"
import { endWithStanding } from "../realtime/EndWithStanding.ts"
import { entrance } from "../realtime/Entrance.ts"
import { heartbeat } from "../realtime/Heartbeat.ts"
import type { SplitServer } from "../realtime/SplitServer.ts"
import type { CallClient } from "./CallClient.ts"
import { Caller } from "./Caller.ts"
import { callLine } from "./CallLine.ts"
import { CallServer } from "./CallServer.ts"
import type { Call } from "./Envelope.ts"
import { hearing } from "./Hearing.ts"
import { methods } from "./Methods.ts"
import { rpcAdmission } from "./RpcAdmission.ts"
import { type ConnectionHouse, RpcConnection } from "./RpcConnection.ts"
import { RpcConnections } from "./RpcConnections.ts"
import { RpcSettings } from "./RpcSettings.ts"

const draining = refuse((common) => new DrainingProblem(common))

const givenId = ({ headers = [] }: Call): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === "x-correlation-id")?.[1]

const make = Effect.fnUntraced(function* (server: SplitServer) {
  const settings = yield* RpcSettings
  const connections = yield* RpcConnections
  const calls = yield* CallServer
  const random = yield* SecureRandom
  const clock = yield* Clock.Clock
  const { admit } = yield* rpcAdmission
  const { authenticate } = yield* Identity
  const hear = yield* hearing
  const run = yield* FiberSet.makeRuntime()
  let stopping = false

  const standInLine = yield* callLine(() => stopping)

  /** Does something about a call, in the name of whoever makes it. */
  const doing = Effect.fnUntraced(function* (
    connection: RpcConnection,
    call: Call,
    what: Effect.Effect<void>
  ) {
    const { principal } = connection
    const { annotations, correlationId } = nameRequest(givenId(call), yield* random.uuidV4())
    const who = principal === undefined ? null : (principal.subject ?? "service")
    yield* what.pipe(
      Effect.provideService(Caller, { principal, connection, goOn: Effect.void }),
      Effect.provideService(RequestRecord, { correlationId, client: "rpc", who, problem: null }),
      Effect.annotateLogs({ correlationId, ...annotations })
    )
  })

  const begun = (client: CallClient, call: Call) =>
    stopping
      ? calls.turnAway(client, methods.overWebSocket, call, draining)
      : calls.call(client, methods.overWebSocket, call)

  const house: ConnectionHouse = {
    settings,
    now: () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n),
    open: calls.open,
    standInLine,
    begin: (connection, call) => void run(doing(connection, call, begun(connection.client, call))),
    giveUp: (connection, call) => void run(doing(connection, call, calls.giveUp(connection.client, call))),
    leave: (connection) => void connections.leave(connection)
  }

  const connected = (socket: WebSocket, principal: Principal | undefined) => {
    const connection = new RpcConnection(socket, house)
    let failed = false
    socket.on("message", (data, isBinary) => {
      if (!connection.live) return
      // Whoever has much to say may have no room left for a pong.
      connection.answersPings = true
      if (isBinary) return connection.end(CloseCode.binary, "messages are JSON text")
      hear(connection, data.toString())
    })
    // Answered by ws itself, but not for nothing.
    socket.on("ping", () => void connection.stray())
    socket.on("pong", () => {
      connection.answersPings = true
    })
    // Broken framing, too large, not UTF-8, or a reset: ws closes it with the code for it.
    socket.on("error", () => {
      failed = true
    })
    socket.on("close", (code) => {
      connections.exit(connection, failed ? "protocol-error" : code)
      run(calls.close(connection.client))
    })
    connections.enter(connection)
    const why = principal === undefined ? undefined : admit(connection, principal)
    if (why !== undefined) connection.end(why.code, why.reason)
  }

  const claim = yield* entrance({
    path: settings.connectionPath,
    allowedOrigins: settings.allowedOrigins,
    maxFrame: settings.maxFrame,
    full: () => {
      if (stopping) return "this node stops"
      return connections.open.size < settings.maxConnections
        ? undefined
        : "this node has as many connections as it takes"
    },
    identify: authenticate,
    connected
  })
  yield* endWithStanding(connections.of)
  yield* heartbeat(connections.open, settings)

  const allIdle = Effect.repeat(
    Effect.sync(() => [...connections.open].every(({ idle }) => idle)),
    { until: (idle) => idle, schedule: Schedule.spaced("10 millis") }
  )
  const drain = Effect.gen(function* () {
    stopping = true
    // Streams too: their sessions are ended meanwhile, and say so.
    yield* Effect.timeoutOption(allIdle, Duration.millis((settings.drainWithin * 2) / 3))
    yield* closeAll(connections.open, settings.drainWithin / 3)
    // Finalizers cannot be interrupted, and then no time-out would end them.
  }).pipe(Effect.interruptible)

  yield* Effect.acquireRelease(
    Effect.sync(() => {
      server.claims.push(claim)
    }),
    () => drain
  )
})

/**
 * Calls over WebSocket. Build it on top of the layer that listens: it is then finalized first, so that calls in flight
 * are answered while everything they need still works, and the listener need not wait for them.
 */
export const layer = (server: SplitServer) => Layer.effectDiscard(make(server))
