import { Schema } from "effect"

/** A stream's id, `<category>-<uuid or day>`; its slice is the first byte of SHA-256 of these UTF-8 bytes. */
export const StreamId = Schema.String.check(
  Schema.isPattern(/^[a-z]{1,32}-[0-9a-z-]{1,64}$/, { expected: "<category>-<id>" })
).pipe(Schema.brand("StreamId"))
export type StreamId = typeof StreamId.Type

export const streamId = (category: string, id: string): StreamId => StreamId.make(`${category}-${id}`)
