import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Schema } from "effect"
import { WebSocket } from "ws"

export interface Closed {
  readonly code: number
  readonly reason: string
}

interface Waiter {
  readonly check: () => boolean
}

export type FrameOf<Type extends ServerFrame["type"]> = Extract<ServerFrame, { readonly type: Type }>
export type DurableFrame = Extract<ServerFrame, { readonly pos: number; readonly conversationId: string }>

const decode = Schema.decodeUnknownSync(ServerFrame, { onExcessProperty: "error" })
const patience = 10_000

export interface SocketOptions {
  readonly token?: string
  readonly origin?: string
  readonly path?: string
}

/** A plain WebSocket client that keeps every frame it got; each must be one that the protocol knows. */
export class TestSocket {
  readonly socket: WebSocket
  readonly frames: Array<ServerFrame> = []
  readonly #waiters = new Set<Waiter>()
  #closed: Closed | undefined
  #answers = 0

  constructor(port: number, { origin, path = "/ws", token }: SocketOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      ...(origin === undefined ? {} : { origin }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      perMessageDeflate: false
    })
    this.socket.on("message", (data) => {
      this.frames.push(decode(JSON.parse(data.toString())))
      this.#wake()
    })
    this.socket.on("close", (code, reason) => {
      this.#closed = { code, reason: reason.toString() }
      this.#wake()
    })
    this.socket.on("error", () => {})
  }

  #wake() {
    for (const waiter of this.#waiters) if (waiter.check()) this.#waiters.delete(waiter)
  }

  #until<A>(what: string, find: () => A | undefined): Promise<A> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(new Error(`no ${what} within ${patience} ms; got ${JSON.stringify(this.frames.slice(-5))}`)),
        patience
      )
      const check = () => {
        const found = find()
        if (found === undefined) return false
        clearTimeout(timer)
        resolve(found)
        return true
      }
      if (!check()) this.#waiters.add({ check })
    })
  }

  get opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.socket.readyState === WebSocket.OPEN) resolve()
      this.socket.once("open", () => resolve())
      this.socket.once("unexpected-response", (_request, response) =>
        reject(new Error(`HTTP ${response.statusCode}`))
      )
      this.socket.once("error", reject)
    })
  }

  /** Status of the HTTP answer to a refused upgrade. */
  get refused(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0))
      this.socket.once("open", () => reject(new Error("the upgrade was accepted")))
    })
  }

  get closed(): Promise<Closed> {
    return this.#until("close", () => this.#closed)
  }

  /** The first frame that fits, of those that came and those to come. */
  frame(fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return this.#until(`frame ${fits}`, () => this.frames.find(fits))
  }

  /** Ends when the frames so far satisfy this. */
  when(holds: (frames: ReadonlyArray<ServerFrame>) => boolean): Promise<true> {
    return this.#until(`state ${holds}`, () => holds(this.frames) || undefined)
  }

  of<Type extends ServerFrame["type"]>(type: Type): ReadonlyArray<FrameOf<Type>> {
    return this.frames.filter((frame): frame is FrameOf<Type> => frame.type === type)
  }

  /** The durable frames, in the order they came. */
  get durable(): ReadonlyArray<DurableFrame> {
    return this.frames.filter(
      (frame): frame is DurableFrame => "pos" in frame && frame.type !== "joined" && !("repeat" in frame)
    )
  }

  post(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame))
  }

  raw(data: string | Buffer): void {
    this.socket.send(data)
  }

  /** Sends a frame and waits for its answer. */
  ask(frame: ClientFrame): Promise<ServerFrame> {
    this.#answers += 1
    const id = `ask ${this.#answers}`
    this.post({ ...frame, id })
    return this.frame((answer) => "id" in answer && answer.id === id)
  }

  /** Everything the server sent before now has come when this ends. */
  async settled(): Promise<void> {
    await this.ask({ type: "ping" })
  }
}
