import { IncomingMessage, Server, type ServerOptions } from "node:http"
import { Duplex } from "node:stream"

/** Takes an upgrade over, or leaves it to whoever else listens on the server. */
export type Claim = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean

/** An HTTP server whose upgrades are offered to one claim after the other; what none takes goes to the listeners. */
export class SplitServer extends Server {
  readonly claims: Array<Claim> = []

  constructor(options: ServerOptions = {}) {
    super(options)
    // Without a listener Node would treat an upgrade as a plain request; and nobody else may want it.
    this.on("upgrade", (_request, socket) => {
      if (this.listenerCount("upgrade") === 1)
        socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
    })
  }

  override emit(event: string | symbol, ...args: Array<unknown>): boolean {
    if (event === "upgrade") {
      const [request, socket, head] = args
      if (request instanceof IncomingMessage && socket instanceof Duplex && head instanceof Buffer) {
        if (this.claims.some((claim) => claim(request, socket, head))) return true
      }
    }
    return super.emit(event, ...args)
  }
}
