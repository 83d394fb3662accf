import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import type { IdentityUnavailable, Unauthenticated } from "@indelible/application/identity/IdentityError"
import { Effect, FiberSet, Result } from "effect"
import { type WebSocket, WebSocketServer } from "ws"
import type { Forbidden } from "./Refusals.ts"
import type { Claim } from "./SplitServer.ts"
import { pathOf, refusalOf, tokenOf, type UpgradeRefusal } from "./Upgrade.ts"

/** One path on which WebSockets come in. */
export interface EntranceOptions<Who> {
  readonly path: string
  /** Origins of web pages that may connect besides the server's own. */
  readonly allowedOrigins: ReadonlyArray<string>
  /** Bytes of the longest inbound message; a longer one closes the socket with 1009. */
  readonly maxFrame: number
  /** Why nobody is let in at the moment, if so. */
  readonly full: () => string | undefined
  /** Whose token the upgrade request brought. */
  readonly identify: (token: string) => Effect.Effect<Who, Unauthenticated | Forbidden | IdentityUnavailable>
  /** @param who undefined without a token */
  readonly connected: (socket: WebSocket, who: Who | undefined) => void
}

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

/** Lets in or refuses, as plain HTTP, before anything is a WebSocket: by origin, room and token. */
export const entrance = Effect.fnUntraced(function* <Who>(options: EntranceOptions<Who>) {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compressing costs 300 KB of memory a socket and more CPU than it saves on short texts.
    perMessageDeflate: false,
    maxPayload: options.maxFrame,
    // A frame in tiny pieces costs far more memory than its bytes.
    maxFragments: 1_024,
    maxBufferedChunks: 1_024
  })
  const run = yield* FiberSet.makeRuntime()

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, who: Who | undefined) =>
    wss.handleUpgrade(request, socket, head, (webSocket) => options.connected(webSocket, who))

  const upgradeWith = (token: string, request: IncomingMessage, socket: Duplex, head: Buffer) =>
    Effect.map(Effect.result(options.identify(token)), (identified) => {
      if (socket.destroyed) return
      if (Result.isSuccess(identified)) {
        // Others came in while this token was looked at.
        const full = options.full()
        if (full !== undefined) return refuse(socket, { status: 503, detail: full })
        return upgrade(request, socket, head, identified.success)
      }
      const { _tag, message } = identified.failure
      const status = _tag === "Unauthenticated" ? 401 : _tag === "Forbidden" ? 403 : 503
      refuse(socket, { status, detail: message })
    })

  const refusal = (request: IncomingMessage): UpgradeRefusal | undefined => {
    const full = options.full()
    return full === undefined ? refusalOf(request, options.allowedOrigins) : { status: 503, detail: full }
  }

  const claim: Claim = (request, socket, head) => {
    if (pathOf(request) !== options.path) return false
    // Nobody else listens to it until the upgrade, and an error without a listener ends the process.
    socket.on("error", destroyed)
    const refused = refusal(request)
    if (refused !== undefined) {
      refuse(socket, refused)
      return true
    }
    const token = tokenOf(request)
    if (token === undefined) upgrade(request, socket, head, undefined)
    else run(upgradeWith(token, request, socket, head))
    return true
  }
  return claim
})
