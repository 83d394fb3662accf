import { Schema } from "effect"
import { LowercaseUuid } from "../LowercaseUuid.ts"

/** The name a client gives a send before it knows whether it arrived; the same name again is the same message. */
export const ClientMessageId = LowercaseUuid.pipe(Schema.brand("ClientMessageId"))
export type ClientMessageId = typeof ClientMessageId.Type
