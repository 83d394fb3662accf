import { Schema } from "effect"

/**
 * A UUID (RFC 9562) in its one spelling: lower case with hyphens. Ids are hashed and compared as text, so a second
 * spelling of the same id would be a second thing.
 */
export const LowercaseUuid = Schema.String.check(
  Schema.isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u, {
    expected: "a UUID in lower case"
  })
)
