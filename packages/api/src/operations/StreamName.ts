import { Schema } from "effect"

export const StreamName = Schema.String.check(
  Schema.isPattern(/^[a-z]{1,32}-[0-9a-z-]{1,64}$/, { expected: "<category>-<id>" })
)
