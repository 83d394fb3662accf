import { WebSocket } from "ws"

export interface Closed {
  readonly code: number
  readonly reason: string
}

interface Waiter {
  readonly check: () => boolean
}

const patience = 10_000

export interface SocketOptions {
  readonly token?: string
  readonly origin?: string
  readonly path?: string
}

/** A plain WebSocket client that keeps every JSON message it got, each as what it must be. */
export class JsonSocket<Message> {
  readonly socket: WebSocket
  readonly received: Array<Message> = []
  readonly #waiters = new Set<Waiter>()
  #closed: Closed | undefined

  constructor(
    port: number,
    decode: (json: unknown) => Message,
    { origin, path = "/ws", token }: SocketOptions
  ) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      ...(origin === undefined ? {} : { origin }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      perMessageDeflate: false
    })
    this.socket.on("message", (data) => {
      this.received.push(decode(JSON.parse(data.toString())))
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

  until<A>(what: string, find: () => A | undefined): Promise<A> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(`no ${what} within ${patience} ms; got ${JSON.stringify(this.received.slice(-5))}`)
          ),
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
    return this.until("close", () => this.#closed)
  }

  raw(data: string | Buffer): void {
    this.socket.send(data)
  }
}
