import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { StreamId } from "@indelible/application/store/StreamId"
import { Schema } from "effect"
import { readHeader } from "../../envelope/ReadHeader.ts"

/** What of a row of `event` makes a stored event: the header's bytes tell the rest. */
export const EventRow = Schema.Struct({
  slice: Schema.Int,
  slice_pos: Schema.BigInt,
  header: Schema.Uint8Array,
  header_hash: Schema.Uint8Array,
  body: Schema.NullOr(Schema.Uint8Array)
})

/** Throws if the header does not decode: that is damage. */
export const toStored = ({
  body,
  header,
  header_hash,
  slice,
  slice_pos
}: typeof EventRow.Type): StoredEvent => {
  const fields = readHeader(header)
  return {
    slice,
    slicePos: Number(slice_pos),
    streamId: StreamId.make(fields.streamId),
    header: fields,
    headerBytes: header,
    headerHash: header_hash,
    body
  }
}
