import { EventHeader } from "@indelible/application/store/EventHeader"
import { Schema } from "effect"

const decode = Schema.decodeUnknownSync(EventHeader)

/**
 * The fields of a stored header. The store wrote these bytes itself, so bytes that do not decode are damage: this
 * throws, and the caller lets the fiber die.
 */
export const readHeader = ({ buffer, byteLength, byteOffset }: Uint8Array): EventHeader =>
  decode(JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString("utf8")))
