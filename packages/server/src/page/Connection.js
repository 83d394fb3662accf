const PING_EVERY = 20_000
const PONG_WITHIN = 10_000
const LONGEST_WAIT = 15_000

/** A socket that is opened again whenever it ends, after a wait that doubles and is random within its upper half. */
export class Connection {
  #service
  #onFrame
  #onState
  #socket
  #ready = false
  #attempt = 0
  #retryAfter
  #retry
  #heartbeat
  #pongDue
  #ended = false

  /**
   * @param {{ freshToken: () => Promise<string> }} service
   * @param {(frame: object) => void} onFrame every frame but pongs
   * @param {(state: "connecting" | "open" | "waiting") => void} onState
   */
  constructor(service, onFrame, onState) {
    this.#service = service
    this.#onFrame = onFrame
    this.#onState = onState
    addEventListener("online", this.#now)
    this.#open()
  }

  /** False: it is not open, and nothing was sent. */
  send(frame) {
    if (!this.#ready) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  end() {
    this.#ended = true
    removeEventListener("online", this.#now)
    clearTimeout(this.#retry)
    this.#quiet()
    this.#socket?.close()
  }

  #now = () => {
    if (this.#retry === undefined) return
    clearTimeout(this.#retry)
    this.#open()
  }

  async #open() {
    this.#retry = undefined
    this.#onState("connecting")
    const token = await this.#service.freshToken().catch(() => undefined)
    if (this.#ended) return
    if (token === undefined) return this.#later()
    const socket = new WebSocket(new URL("/ws", location.href.replace(/^http/, "ws")))
    this.#socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ type: "authenticate", token }))
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data))
    socket.onclose = () => {
      this.#ready = false
      this.#quiet()
      if (!this.#ended) this.#later()
    }
  }

  #take(frame) {
    if (frame.type === "pong") return clearTimeout(this.#pongDue)
    if (frame.type === "draining") this.#retryAfter = frame.retryAfterMs
    if (frame.type === "authenticated") {
      this.#ready = true
      this.#attempt = 0
      this.#heartbeat = setInterval(() => this.#ping(), PING_EVERY)
      this.#onState("open")
    }
    this.#onFrame(frame)
  }

  /** A connection can die without either side hearing of it; then no pong comes. */
  #ping() {
    if (this.send({ type: "ping" })) this.#pongDue = setTimeout(() => this.#socket.close(), PONG_WITHIN)
  }

  #quiet() {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#pongDue)
  }

  #later() {
    this.#onState("waiting")
    const longest = Math.min(LONGEST_WAIT, 500 * 2 ** this.#attempt)
    this.#attempt += 1
    // Random, so that all tabs of everyone do not come back in the same instant.
    const wait = (this.#retryAfter ?? longest / 2) + (Math.random() * longest) / 2
    this.#retryAfter = undefined
    this.#retry = setTimeout(() => this.#open(), wait)
  }
}
