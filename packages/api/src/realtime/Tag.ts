import { Schema } from "effect"

/** First 8 bytes of an event's hash in hex: another tag at the same `pos` means that history was replaced. */
export const Tag = Schema.String.check(Schema.isPattern(/^[0-9a-f]{16}$/u))
