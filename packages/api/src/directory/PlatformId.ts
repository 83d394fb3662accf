import { Schema } from "effect"

/** An id of the surrounding platform, opaque to us. */
export const PlatformId = Schema.String.check(
  Schema.isPattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, {
    expected: "1 to 200 characters, without control characters"
  })
)
