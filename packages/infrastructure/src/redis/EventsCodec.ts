import { hash } from "node:crypto"
import type { EventsAppended } from "@indelible/application/live/LiveMessage"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { readHeader } from "../envelope/ReadHeader.ts"

// slice (1), then of each event: position in the slice (6), header's length (4) and bytes, body's length (4) and bytes.
const positionBytes = 6
const noBody = 0xffff_ffff

const part = (bytes: Uint8Array | null): ReadonlyArray<Uint8Array> => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes?.length ?? noBody)
  return bytes === null ? [length] : [length, bytes]
}

/** Where messages of one slice go, so that they mostly arrive in its order. */
export const laneOf = ({ events }: EventsAppended): number => events[0]?.slice ?? 0

export const encode = (message: EventsAppended): Buffer =>
  Buffer.concat([
    Buffer.of(laneOf(message)),
    ...message.events.flatMap(({ body, headerBytes, slicePos }) => {
      const position = Buffer.alloc(positionBytes)
      position.writeUIntBE(slicePos, 0, positionBytes)
      return [position, ...part(headerBytes), ...part(body)]
    })
  ])

/** Throws when the bytes are not what `encode` makes. */
export const decode = (bytes: Buffer): EventsAppended => {
  const slice = bytes.readUInt8(0)
  const events: Array<StoredEvent> = []
  let at = 1
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError("events end too early")
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const slicePos = take(positionBytes).readUIntBE(0, positionBytes)
    const headerBytes = take(take(4).readUInt32BE())
    const bodyLength = take(4).readUInt32BE()
    const body = bodyLength === noBody ? null : take(bodyLength)
    const header = readHeader(headerBytes)
    events.push({
      slice,
      slicePos,
      streamId: StreamId.make(header.streamId),
      header,
      headerBytes,
      headerHash: hash("sha256", headerBytes, "buffer"),
      body
    })
  }
  return { _tag: "EventsAppended", events }
}
