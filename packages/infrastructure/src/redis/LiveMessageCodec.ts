import type { LiveMessage } from "@indelible/application/live/LiveMessage"
import { Match } from "effect"
import * as Events from "./EventsCodec.ts"
import * as Telling from "./TellingCodec.ts"

/** A message on its way: which of the lanes it takes, and its bytes. */
export interface Sent {
  /** Those of one lane keep their order. Any whole number from 0. */
  readonly lane: number
  readonly frame: Buffer
}

export interface Received {
  readonly messages: ReadonlyArray<LiveMessage>
  /** Messages of kinds that only a newer program knows. */
  readonly unknown: number
}

// A frame is its kind (1), the length of its content (4), and the content. Numbers of kinds are never used again.
const head = 5
const decoders = new Map<number, (bytes: Buffer) => LiveMessage>([
  [1, Events.decode],
  [2, Telling.presenceTouched.decode],
  [3, Telling.typingTold.decode]
])

const sent = (lane: number, kind: number, content: Buffer): Sent => {
  const header = Buffer.alloc(head)
  header.writeUInt8(kind)
  header.writeUInt32BE(content.length, 1)
  return { lane, frame: Buffer.concat([header, content]) }
}

export const encode = (message: LiveMessage): Sent =>
  Match.valueTags(message, {
    EventsAppended: (events) => sent(Events.laneOf(events), 1, Events.encode(events)),
    PresenceTouched: (people) =>
      sent(Telling.laneOf(people.subjects[0]), 2, Telling.presenceTouched.encode(people)),
    TypingTold: (typing) => sent(Telling.laneOf(typing.conversation), 3, Telling.typingTold.encode(typing))
  })

/** Frames one after the other. Throws when the bytes are not what `encode` makes. */
export const decode = (frames: Buffer): Received => {
  const messages: Array<LiveMessage> = []
  let unknown = 0
  for (let at = 0; at < frames.length; ) {
    const end = at + head + frames.readUInt32BE(at + 1)
    if (end > frames.length) throw new RangeError("a message ends too early")
    const decoder = decoders.get(frames.readUInt8(at))
    if (decoder === undefined) unknown += 1
    else messages.push(decoder(frames.subarray(at + head, end)))
    at = end
  }
  return { messages, unknown }
}
