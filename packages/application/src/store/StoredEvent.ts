import type { EventHeader } from "./EventHeader.ts"
import type { StreamId } from "./StreamId.ts"

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

/** First 8 bytes of the header hash in hex: tells two events at one position apart, as after a restored backup. */
export const tagOf = (event: StoredEvent): string =>
  Array.from(event.headerHash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")
