import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Result, Schema } from "effect"
import { WebSocket } from "ws"
import { DemoFailure, PATIENCE } from "../DemoFailure.ts"

const readFrame = Schema.decodeUnknownResult(Schema.fromJsonString(ServerFrame))

/** A plain WebSocket that keeps every frame it got, in order. */
export class LiveSocket {
  readonly frames: Array<ServerFrame> = []
  readonly #socket: WebSocket
  readonly #watchers = new Set<() => void>()
  #closed: string | undefined

  private constructor(url: URL) {
    this.#socket = new WebSocket(url)
    this.#socket.on("message", (data) => {
      const frame = readFrame(data.toString())
      // Types that this client does not know are for newer ones.
      if (Result.isSuccess(frame)) this.frames.push(frame.success)
      this.#tell()
    })
    this.#socket.on("error", ({ message }) => this.#end(message))
    this.#socket.on("close", (code, reason) => this.#end(`closed with ${code} ${reason}`))
  }

  /** Connects and signs in by the first frame. */
  static async open(origin: URL, token: string): Promise<LiveSocket> {
    const live = new LiveSocket(new URL("/ws", origin.href.replace(/^http/, "ws")))
    live.#socket.once("open", () => live.send({ type: "authenticate", token }))
    await live.first("authenticated", (frame) => (frame.type === "authenticated" ? frame : undefined))
    return live
  }

  send(frame: ClientFrame): void {
    this.#socket.send(JSON.stringify(frame))
  }

  /**
   * The first frame, of those that came and those to come, that is what is looked for.
   *
   * @param what the frame in a few words, for the complaint when it does not come
   */
  async first<A>(what: string, pick: (frame: ServerFrame) => A | undefined): Promise<A> {
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    const look = () => {
      const found = this.frames.map(pick).find((picked) => picked !== undefined)
      const refused = this.frames.find((frame) => frame.type === "error")
      if (found !== undefined) resolve(found)
      else if (refused !== undefined) reject(new DemoFailure(`the socket was told: ${refused.message}`))
      else if (this.#closed !== undefined) reject(new DemoFailure(`the socket ended: ${this.#closed}`))
    }
    const late = () =>
      reject(new DemoFailure(`${what} did not come over the WebSocket within ${PATIENCE} ms`))
    const deadline = setTimeout(late, PATIENCE)
    this.#watchers.add(look)
    look()
    return promise.finally(() => {
      clearTimeout(deadline)
      this.#watchers.delete(look)
    })
  }

  close(): void {
    this.#socket.close(1000)
  }

  #end(why: string) {
    this.#closed ??= why
    this.#tell()
  }

  #tell() {
    for (const watcher of this.#watchers) watcher()
  }
}
