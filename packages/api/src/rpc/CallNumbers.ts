import { Schema } from "effect"

/** JSON has a zero with a sign, which no count or position has. */
export const unsigned = (value: number): string | undefined =>
  Object.is(value, -0) ? "Expected a number without a sign" : undefined

const whole = (minimum: number, maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum }), Schema.makeFilter(unsigned))

/** Entries of a page, 50 unless given. */
export const PageLimit = whole(1, 100)

/** Hits of a page, 50 unless given. */
export const SearchPageLimit = whole(1, 50)

/** 15 digits: what a number of JSON carries without loss, wherever it is read. */
const furthest = 999_999_999_999_999

/** A place in a conversation or stream, 0 before its first event. */
export const Pos = whole(0, furthest)

/** The place of an event. */
export const EventPos = whole(1, furthest)

/** One of the 256 parts of the record. */
export const Slice = whole(0, 255)
