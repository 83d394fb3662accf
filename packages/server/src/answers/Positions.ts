import { PositionToken } from "@indelible/application/store/PositionToken"
import { Schema } from "effect"

const Opaque = Schema.StringFromBase64Url.pipe(Schema.decodeTo(Schema.fromJsonString(PositionToken)))

/** How clients carry a position: base64url of JSON, opaque to them. */
export const positionText = Schema.encodeSync(Opaque)

/** Fails on what no write has answered. */
export const positionOf = Schema.decodeUnknownEffect(Opaque)
