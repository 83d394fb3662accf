import type { ClientFrame } from "@indelible/api/realtime/ClientFrame"
import { ServerFrame } from "@indelible/api/realtime/ServerFrame"
import { Schema } from "effect"
import { JsonSocket, type SocketOptions } from "./JsonSocket.ts"

export type { Closed, SocketOptions } from "./JsonSocket.ts"

export type FrameOf<Type extends ServerFrame["type"]> = Extract<ServerFrame, { readonly type: Type }>
export type DurableFrame = Extract<ServerFrame, { readonly pos: number; readonly conversationId: string }>

const decode = Schema.decodeUnknownSync(ServerFrame, { onExcessProperty: "error" })

/** A client of the WebSocket interface; each frame it gets must be one that the protocol knows. */
export class TestSocket extends JsonSocket<ServerFrame> {
  #answers = 0

  constructor(port: number, options: SocketOptions = {}) {
    super(port, decode, options)
  }

  get frames(): ReadonlyArray<ServerFrame> {
    return this.received
  }

  /** The first frame that fits, of those that came and those to come. */
  frame(fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return this.until(`frame ${fits}`, () => this.frames.find(fits))
  }

  /** Ends when the frames so far satisfy this. */
  when(holds: (frames: ReadonlyArray<ServerFrame>) => boolean): Promise<true> {
    return this.until(`state ${holds}`, () => holds(this.frames) || undefined)
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
