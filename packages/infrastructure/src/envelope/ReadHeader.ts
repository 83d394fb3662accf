import { EventHeader } from "@indelible/application/store/EventHeader"
import { Schema } from "effect"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(EventHeader))

/**
 * The fields of a stored header. The store wrote these bytes itself, so bytes that do not decode are damage: this
 * throws, and the caller lets the fiber die.
 */
export const readHeader = (headerBytes: Uint8Array): EventHeader =>
  decode(Buffer.from(headerBytes).toString("utf8"))
