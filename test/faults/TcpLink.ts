import type { Socket } from "node:net"
import { Pipe, type Weather } from "./TcpPipe.ts"

export type { Weather } from "./TcpPipe.ts"

/** A client's connection and the one that the proxy opened for it. */
export class Link {
  readonly client: Socket
  readonly server: Socket
  readonly toServer: Pipe
  readonly toClient: Pipe
  #clientGone = false
  #serverGone = false

  constructor(client: Socket, server: Socket, weather: Weather) {
    this.client = client
    this.server = server
    this.toServer = new Pipe(client, server, weather, () => this.#settle())
    this.toClient = new Pipe(server, client, weather, () => this.#settle())
    if (weather.cutAfter !== undefined) this.endAfter(weather.cutAfter())
    if (weather.dark) this.darken()
  }

  darken(): void {
    this.toServer.hold()
    this.toClient.hold()
  }

  letThrough(): void {
    this.toServer.release()
    this.toClient.release()
    this.#settle()
  }

  /** The client is reset after so many more bytes. */
  endAfter(bytes: number): void {
    this.toClient.endAfter(bytes, () => this.reset())
  }

  /** The client's side is cut at once. */
  reset(): void {
    this.#clientGone = true
    this.client.resetAndDestroy()
  }

  /** The client has hung up: so does the proxy, once what was sent before has been passed on. */
  hangUp(): void {
    this.#clientGone = true
    this.#settle()
  }

  serverGone(): void {
    this.#serverGone = true
    this.#settle()
  }

  destroy(): void {
    this.client.destroy()
    this.server.destroy()
  }

  /** Tells one side of the end of the other; through a black hole not even that is seen. */
  #settle(): void {
    if (this.#clientGone && this.toServer.isEmpty) this.server.end()
    if (this.#serverGone && this.toClient.isEmpty) this.client.destroySoon()
  }
}
