import { Schema } from "effect"
import { type Complaint, storable, unstacked, visible } from "./TextRules.ts"

const LINE_BREAKING_OR_REORDERING = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u

/** A name stands beside other people's text: it may not break the line, nor turn round what follows it. */
const confined = (name: string): Complaint =>
  LINE_BREAKING_OR_REORDERING.test(name)
    ? "must not contain control characters, line breaks or bidirectional formatting"
    : undefined

/** A person's name as the platform tells it: 1 to 200 code points. Markup in it is text, and is cleaned when read. */
export const DisplayName = Schema.String.check(
  Schema.isBetweenCodePoints(1, 200, { message: "must be 1 to 200 Unicode code points long" }),
  Schema.makeFilter((name) => storable(name) ?? confined(name) ?? visible(name) ?? unstacked(name))
)
