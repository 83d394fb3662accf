import { DEFAULT_MESSAGE_LENGTH } from "@indelible/domain/text/MessageText"
import { Context } from "effect"

/** The longest text that may be sent, in Unicode code points; by configuration. */
export const MaxMessageLength = Context.Reference<number>(
  "@indelible/application/conversation/MaxMessageLength",
  { defaultValue: () => DEFAULT_MESSAGE_LENGTH }
)
