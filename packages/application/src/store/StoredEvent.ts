import type { EventHeader } from "./EventHeader.ts"
import type { StreamId } from "./StreamId.ts"

/** Where an event lies and what kind it is, without what is in it. */
export interface EventOutline {
  readonly slice: number
  /** Position in the slice, dense from 1. Only reader cursors, checkpoints and tokens speak of it. */
  readonly slicePos: number
  readonly streamId: StreamId
  /** Position in the stream, dense from 1. */
  readonly streamPos: number
  readonly type: string
  readonly schemaVersion: number
}

/** An event as it lies in the log: everything but the content is readable, for any type, known or not. */
export interface StoredEvent {
  readonly slice: number
  /** Position in the slice, dense from 1. Only reader cursors, checkpoints and tokens speak of it. */
  readonly slicePos: number
  readonly streamId: StreamId
  readonly header: EventHeader
  /** The exact bytes that `headerHash` is over. */
  readonly headerBytes: Uint8Array
  /** SHA-256 of `headerBytes`. */
  readonly headerHash: Uint8Array
  /** nonce (12), ciphertext, tag (16); null for an event without content. */
  readonly body: Uint8Array | null
}

export const outlineOf = ({ header, slice, slicePos, streamId }: StoredEvent): EventOutline => ({
  slice,
  slicePos,
  streamId,
  streamPos: header.streamPos,
  type: header.type,
  schemaVersion: header.schemaVersion
})

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

/** First 8 bytes of the header hash in hex: tells two events at one position apart, as after a restored backup. */
export const tagOf = ({ headerHash }: StoredEvent): string => {
  let tag = ""
  for (let i = 0; i < 8; i++) tag += hex[headerHash[i] ?? 0]
  return tag
}
