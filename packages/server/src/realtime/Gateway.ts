import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import { Effect, Layer } from "effect"
import type { WebSocket } from "ws"
import { Acknowledgements } from "./Acknowledgements.ts"
import { Admission } from "./Admission.ts"
import { Dispatcher } from "./Dispatcher.ts"
import { drain } from "./Drain.ts"
import { endWithStanding } from "./EndWithStanding.ts"
import { entrance } from "./Entrance.ts"
import { heartbeat } from "./Heartbeat.ts"
import { Resumer } from "./Resumer.ts"
import { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"
import type { SplitServer } from "./SplitServer.ts"

const make = Effect.fnUntraced(function* (server: SplitServer) {
  const sessions = yield* Sessions
  const dispatcher = yield* Dispatcher
  const { admit, identify } = yield* Admission
  const { settings } = sessions.house
  const connected = (socket: WebSocket, principal: PersonPrincipal | undefined) => {
    const session = new Session(socket, sessions.house)
    let failed = false
    socket.on("message", (data, isBinary) => {
      sessions.house.measures.received()
      if (!session.admit()) return
      if (isBinary) return session.end(CloseCode.binary, "frames are JSON text")
      dispatcher.offer(session, data.toString())
    })
    // Answered by ws itself, but not for nothing.
    socket.on("ping", () => void session.admit())
    socket.on("pong", () => {
      session.answersPings = true
    })
    // Broken framing, too large, not UTF-8, or a reset: ws closes it with the code for it.
    socket.on("error", () => {
      failed = true
    })
    socket.on("close", (code) => sessions.exit(session, failed ? "protocol-error" : code))
    sessions.enter(session)
    if (principal !== undefined) admit(session, principal)
  }

  let stopping = false
  const claim = yield* entrance({
    path: settings.path,
    allowedOrigins: settings.allowedOrigins,
    maxFrame: settings.maxFrame,
    full: () => {
      if (stopping) return "this node stops"
      return sessions.open.size < settings.maxSockets
        ? undefined
        : "this node has as many sockets as it takes"
    },
    identify,
    connected
  })

  yield* endWithStanding(sessions.of)
  yield* heartbeat(sessions.open, settings)

  const drained = yield* drain
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      server.claims.push(claim)
    }),
    () =>
      Effect.andThen(
        Effect.sync(() => {
          stopping = true
        }),
        drained
      )
  )
})

/**
 * The WebSocket interface on an HTTP server. Build it on top of the layer that listens: it is then finalized first, so
 * that sockets are drained while everything they need still works, and the listener need not wait for them.
 */
export const layerNoDeps = (server: SplitServer) => Layer.effectDiscard(make(server))

/** What works on the frames of sessions, over whatever they run. */
export const work = Dispatcher.layer.pipe(
  Layer.provide([Resumer.layer, Acknowledgements.layer]),
  Layer.provideMerge(Admission.layer)
)

export const layer = (server: SplitServer) => Layer.provide(layerNoDeps(server), work)
