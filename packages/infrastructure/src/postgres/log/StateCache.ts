import type { StreamId } from "@indelible/application/store/StreamId"
import { beforeTheFirst, type StreamPosition } from "../../eventstore/StreamPosition.ts"

export interface StateCache {
  readonly get: (stream: StreamId) => StreamPosition
  readonly set: (stream: StreamId, position: StreamPosition) => void
}

/**
 * Where this node last saw its streams. Only ever a guess: the log checks it with every call, and answers with the truth
 * when it is wrong. An unknown stream is guessed to be empty, so a new one costs one call and a forgotten one two.
 */
export const make = (capacity: number): StateCache => {
  const positions = new Map<StreamId, StreamPosition>()
  return {
    get: (stream) => positions.get(stream) ?? beforeTheFirst,
    set: (stream, position) => {
      // A Map keeps the order of insertion: the first key is the one not set for longest.
      positions.delete(stream)
      positions.set(stream, position)
      if (positions.size > capacity) {
        const [oldest] = positions.keys()
        if (oldest !== undefined) positions.delete(oldest)
      }
    }
  }
}
