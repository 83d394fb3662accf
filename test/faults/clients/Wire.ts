import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Effect, Result, Schema } from "effect"
import { WebSocket } from "ws"

export interface WireOptions {
  readonly port: number
  readonly token: string
  /** By how much it waits longer than usual. */
  readonly slack: number
  readonly onFrame: (frame: ServerFrame) => void
  readonly onClosed: (code: number) => void
}

/** An answer, or why there is none. */
export type Answer = ServerFrame | { readonly type: "none"; readonly why: "timed out" | "cut" }

const readFrame = Schema.decodeUnknownResult(Schema.fromJsonString(ServerFrame))

/** Milliseconds, all of them times the slack. */
const answerWithin = 5_000
const handshakeWithin = 3_000
/** A line on which nothing came for so long, though it was asked for, is given up. */
const silentFor = 4_000
const pingEvery = 1_500

/** One WebSocket connection, with answers by the id of what they answer. */
export class Wire {
  readonly #socket: WebSocket
  readonly #asked = new Map<string, (answer: Answer) => void>()
  readonly #onFrame: (frame: ServerFrame) => void
  readonly #slack: number
  #heardAt = performance.now()
  #ids = 0
  #closed = false

  constructor({ onClosed, onFrame, port, slack, token }: WireOptions) {
    this.#slack = slack
    this.#onFrame = onFrame
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: slack * handshakeWithin
    })
    const pinging = setInterval(() => this.#ping(), pingEvery)
    this.#socket.on("message", (data) => this.#hear(data.toString()))
    this.#socket.on("error", () => {})
    this.#socket.on("close", (code) => {
      this.#closed = true
      clearInterval(pinging)
      for (const tell of this.#asked.values()) tell({ type: "none", why: "cut" })
      this.#asked.clear()
      onClosed(code)
    })
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  /** Sends a frame and waits for its answer. */
  ask(frame: ClientFrame): Effect.Effect<Answer> {
    return Effect.callback<Answer>((resume) => {
      if (this.#closed) return resume(Effect.succeed({ type: "none", why: "cut" }))
      const id = String(++this.#ids)
      const end = (answer: Answer) => {
        clearTimeout(timer)
        this.#asked.delete(id)
        resume(Effect.succeed(answer))
      }
      const timer = setTimeout(() => end({ type: "none", why: "timed out" }), this.#slack * answerWithin)
      this.#asked.set(id, end)
      this.#send({ ...frame, id })
    })
  }

  /** Reads nothing any more, or goes on. */
  pause(paused: boolean): void {
    if (paused) this.#socket.pause()
    else this.#socket.resume()
  }

  /** Cuts the line without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  close(): void {
    this.#socket.close(1000)
  }

  #send(frame: ClientFrame): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(frame))
  }

  #ping(): void {
    if (this.#socket.isPaused) return
    if (performance.now() - this.#heardAt > this.#slack * silentFor) this.cut()
    else this.#send({ type: "ping" })
  }

  #hear(text: string): void {
    this.#heardAt = performance.now()
    const read = readFrame(text)
    // Types that this client does not know are for newer ones.
    if (Result.isFailure(read)) return
    const frame = read.success
    this.#onFrame(frame)
    if ("id" in frame && frame.id !== undefined) this.#asked.get(frame.id)?.(frame)
  }
}
