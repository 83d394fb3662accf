import type { Socket } from "node:net"

/** What the connections of a proxy share. */
export interface Weather {
  /** Milliseconds by which every byte is late. */
  delay: number
  /** Bytes a second, each way, all connections together. */
  perSecond: number
  dark: boolean
  /** After how many bytes to its client a new connection is reset. */
  cutAfter: (() => number) | undefined
}

interface Piece {
  readonly bytes: Buffer
  readonly due: number
}

/** As much as a slow line passes at once. */
const pieceSize = 4_096
/** Beyond it the sender has to wait, as for a peer that does not read. */
const capacity = 256 * 1_024

/** One way of a connection. Bytes keep their order, whatever the weather. */
export class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  readonly #weather: Weather
  readonly #emptied: () => void
  #waiting: Array<Piece> = []
  #size = 0
  #held = false
  #timer: NodeJS.Timeout | undefined
  /** When the last of what waits is due. */
  #last = 0
  #left = Number.POSITIVE_INFINITY
  #end: () => void = () => {}

  constructor(from: Socket, to: Socket, weather: Weather, emptied: () => void) {
    this.#from = from
    this.#to = to
    this.#weather = weather
    this.#emptied = emptied
    to.on("drain", () => this.#pump())
  }

  /** Nothing waits, and nothing is held back. */
  get isEmpty(): boolean {
    return !this.#held && this.#waiting.length === 0
  }

  push(bytes: Buffer): void {
    const { delay, perSecond } = this.#weather
    const whole = perSecond === Number.POSITIVE_INFINITY
    for (let at = 0; at < bytes.length; at += whole ? bytes.length : pieceSize) {
      const piece = whole ? bytes : bytes.subarray(at, at + pieceSize)
      const takes = whole ? 0 : (piece.length * 1_000) / perSecond
      this.#last = Math.max(performance.now() + delay, this.#last) + takes
      this.#waiting.push({ bytes: piece, due: this.#last })
      this.#size += piece.length
    }
    if (this.#size > capacity) this.#from.pause()
    this.#pump()
  }

  hold(): void {
    this.#held = true
  }

  /** What waits goes out now, in its order. */
  release(): void {
    this.#held = false
    this.#last = 0
    this.#waiting = this.#waiting.map(({ bytes }) => ({ bytes, due: 0 }))
    this.#pump()
  }

  /** Calls `end` when so many more bytes have passed. */
  endAfter(bytes: number, end: () => void): void {
    this.#left = bytes
    this.#end = end
  }

  #write(bytes: Buffer): void {
    if (bytes.length < this.#left) {
      this.#left -= bytes.length
      if (!this.#to.destroyed) this.#to.write(bytes)
      return
    }
    this.#to.write(bytes.subarray(0, this.#left))
    this.#left = Number.POSITIVE_INFINITY
    this.#waiting = []
    this.#end()
  }

  #pump(): void {
    clearTimeout(this.#timer)
    if (this.#held) return
    const wasWaiting = this.#waiting.length > 0
    while (!this.#to.writableNeedDrain) {
      const [next] = this.#waiting
      if (next === undefined) break
      const wait = next.due - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), Math.ceil(wait))
        break
      }
      this.#waiting.shift()
      this.#size -= next.bytes.length
      this.#write(next.bytes)
    }
    if (this.#size <= capacity) this.#from.resume()
    if (wasWaiting && this.#waiting.length === 0) this.#emptied()
  }
}
