import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { CloseCode } from "@indelible/api/realtime/CloseCode"
import type { PersonPrincipal } from "@indelible/application/identity/Principal"
import { SessionWatch } from "@indelible/application/identity/SessionWatch"
import { sessionEnd } from "@indelible/application/identity/Standing"
import { Effect, FiberSet, Layer, Result, Stream } from "effect"
import { type WebSocket, WebSocketServer } from "ws"
import { Admission } from "./Admission.ts"
import { Dispatcher } from "./Dispatcher.ts"
import { drain } from "./Drain.ts"
import { heartbeat } from "./Heartbeat.ts"
import { Session } from "./Session.ts"
import { Sessions } from "./Sessions.ts"
import type { Claim, SplitServer } from "./SplitServer.ts"
import { pathOf, refusalOf, tokenOf, type UpgradeRefusal } from "./Upgrade.ts"

const phrases = { 401: "Unauthorized", 403: "Forbidden", 503: "Service Unavailable" } as const

const refuse = (socket: Duplex, { detail, status }: UpgradeRefusal) => {
  const headers = status === 401 ? "WWW-Authenticate: Bearer\r\n" : status === 503 ? "Retry-After: 1\r\n" : ""
  socket.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\n${headers}Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${detail.length}\r\n\r\n${detail}`
  )
}

function destroyed(this: Duplex) {
  this.destroy()
}

const make = Effect.fnUntraced(function* (server: SplitServer) {
  const sessions = yield* Sessions
  const dispatcher = yield* Dispatcher
  const { admit, identify } = yield* Admission
  const { changes } = yield* SessionWatch
  const { settings } = sessions.house
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compressing costs 300 KB of memory a socket and more CPU than it saves on short texts.
    perMessageDeflate: false,
    maxPayload: settings.maxFrame,
    // A frame in tiny pieces costs far more memory than its bytes.
    maxFragments: 1_024,
    maxBufferedChunks: 1_024
  })

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

  const upgrade = (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    principal: PersonPrincipal | undefined
  ) => wss.handleUpgrade(request, socket, head, (webSocket) => connected(webSocket, principal))

  const run = yield* FiberSet.makeRuntime()
  const upgradeWith = (token: string, request: IncomingMessage, socket: Duplex, head: Buffer) =>
    Effect.map(Effect.result(identify(token)), (identified) => {
      if (socket.destroyed) return
      if (Result.isSuccess(identified)) return upgrade(request, socket, head, identified.success)
      const { _tag, message } = identified.failure
      const status = _tag === "Unauthenticated" ? 401 : _tag === "Forbidden" ? 403 : 503
      refuse(socket, { status, detail: message })
    })

  let stopping = false
  const unavailable = (): UpgradeRefusal | undefined => {
    if (stopping) return { status: 503, detail: "this node stops" }
    return sessions.open.size < settings.maxSockets
      ? undefined
      : { status: 503, detail: "this node has as many sockets as it takes" }
  }
  const claim: Claim = (request, socket, head) => {
    if (pathOf(request) !== settings.path) return false
    // Nobody else listens to it until the upgrade, and an error without a listener ends the process.
    socket.on("error", destroyed)
    const refusal = unavailable() ?? refusalOf(request, settings.allowedOrigins)
    if (refusal !== undefined) {
      refuse(socket, refusal)
      return true
    }
    const token = tokenOf(request)
    if (token === undefined) upgrade(request, socket, head, undefined)
    else run(upgradeWith(token, request, socket, head))
    return true
  }

  // What a person may not do any more, no socket of theirs may.
  yield* changes.pipe(
    Stream.runForEach((standing) =>
      Effect.sync(() => {
        for (const session of sessions.of(standing.subject)) {
          if (session.principal !== undefined && sessionEnd(standing, session.principal) !== undefined) {
            session.end(CloseCode.identity, "sign in again")
          }
        }
      })
    ),
    Effect.forkScoped
  )
  yield* heartbeat

  const drained = yield* drain
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      server.claim = claim
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
export const layer = (server: SplitServer) =>
  Layer.effectDiscard(make(server)).pipe(Layer.provide(Dispatcher.layer), Layer.provide(Admission.layer))
