import { Schema } from "effect"

/**
 * How far the record is known to reach, opaque to clients. A write answers one; a read that is sent one answers at least
 * that fresh, or 503 `not_yet_fresh` after 250 ms. Of two, the later one from the same conversation includes the earlier.
 */
export const Position = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{1,6000}$/, {
    expected: "a position as a write answered it",
    description:
      "How far the record is known to reach, opaque. Sent with a read as `Indelible-Position` it asks for an answer at least that fresh."
  })
)

/** Where a write puts its position, beside the `token` of its body. */
export const positionAnswer = { "indelible-position": Position }

/** How a read asks for a position. */
export const positionRequest = { "indelible-position": Schema.optionalKey(Position) }
