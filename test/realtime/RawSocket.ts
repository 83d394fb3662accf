import { randomBytes } from "node:crypto"
import { connect, type Socket } from "node:net"

export interface RawFrame {
  readonly fin?: boolean
  /** Bits RSV1 to RSV3 as they stand in the first byte. */
  readonly reserved?: number
  readonly opcode: number
  readonly payload?: Buffer
  readonly masked?: boolean
  /** What the header claims, when it is not the payload's. */
  readonly claims?: number
}

const lengthBytes = (length: number, mask: number): Buffer => {
  if (length < 126) return Buffer.from([mask | length])
  if (length < 65_536) {
    const bytes = Buffer.from([mask | 126, 0, 0])
    bytes.writeUInt16BE(length, 1)
    return bytes
  }
  const bytes = Buffer.alloc(9)
  bytes[0] = mask | 127
  bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

/** A frame as RFC 6455, 5.2 has it, with whatever is wrong with it. The mask is zero, so the payload stays as it is. */
export const rawFrame = ({
  claims,
  fin = true,
  masked = true,
  opcode,
  payload = Buffer.alloc(0),
  reserved = 0
}: RawFrame): Buffer =>
  Buffer.concat([
    Buffer.from([(fin ? 0x80 : 0) | reserved | opcode]),
    lengthBytes(claims ?? payload.length, masked ? 0x80 : 0),
    masked ? Buffer.alloc(4) : Buffer.alloc(0),
    payload
  ])

/** Speaks WebSocket byte by byte, and answers nothing by itself: no close, no pong. */
export class RawSocket {
  readonly socket: Socket
  #received = Buffer.alloc(0)

  constructor(port: number, token?: string, path = "/ws") {
    this.socket = connect(port, "127.0.0.1")
    this.socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, Buffer.from(data)])
    })
    this.socket.on("error", () => {})
    const authorization = token === undefined ? "" : `Authorization: Bearer ${token}\r\n`
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n${authorization}\r\n`
    )
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(10_000)
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        this.socket.once("data", () => resolve())
        this.socket.once("close", () => (holds() ? resolve() : reject(new Error(`closed before ${what}`))))
        signal.addEventListener("abort", () => reject(new Error(`no ${what}`)), { once: true })
      })
    }
  }

  get upgraded(): Promise<void> {
    return this.#until("upgrade", () => this.#received.includes("\r\n\r\n"))
  }

  write(frame: RawFrame): void {
    this.socket.write(rawFrame(frame))
  }

  get gone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed) resolve()
      this.socket.once("close", () => resolve())
    })
  }

  /** The code of the server's close frame, from all that came until it hung up or went silent. */
  get closeCode(): Promise<number> {
    return this.#until("close frame", () => this.#close() !== undefined).then(() => this.#close() ?? 0)
  }

  #close(): number | undefined {
    let at = this.#received.indexOf("\r\n\r\n") + 4
    while (at + 2 <= this.#received.length) {
      const opcode = (this.#received[at] ?? 0) & 0x0f
      const short = (this.#received[at + 1] ?? 0) & 0x7f
      const extra = short === 126 ? 2 : short === 127 ? 8 : 0
      if (at + 2 + extra > this.#received.length) return undefined
      const length =
        short === 126
          ? this.#received.readUInt16BE(at + 2)
          : short === 127
            ? Number(this.#received.readBigUInt64BE(at + 2))
            : short
      const payload = at + 2 + extra
      if (opcode === 8 && payload + 2 <= this.#received.length) return this.#received.readUInt16BE(payload)
      at = payload + length
    }
    return undefined
  }
}
