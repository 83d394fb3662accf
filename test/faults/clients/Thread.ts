import type { ServerFrame } from "@indelible/api/realtime/ServerFrame"

export type Durable = Exclude<
  Extract<ServerFrame, { readonly pos: number; readonly conversationId: string }>,
  { readonly type: "joined" }
>

/** Whether a frame is an event of a conversation, and not an answer that tells of one again. */
export const isDurable = (frame: ServerFrame): frame is Durable =>
  "pos" in frame &&
  "conversationId" in frame &&
  frame.type !== "joined" &&
  !("repeat" in frame && frame.repeat === true)

/** A conversation as a device has it: everything up to a position. */
export class Thread {
  pos = 0
  tag: string | undefined
  /** Something came that is further on: what lies between has to be asked for. */
  hasGap = false

  /** Whether it takes a frame: the next one, and no other. */
  offer({ pos, tag }: Durable): boolean {
    if (pos > this.pos + 1) this.hasGap = true
    if (pos !== this.pos + 1) return false
    this.pos = pos
    this.tag = tag
    return true
  }
}
