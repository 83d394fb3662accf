import { Schema, SchemaTransformation } from "effect"

/** Decimal digits only: `0x10`, `1e3`, ` 5` and `+5` are numbers to JavaScript, and slips or probes to us. */
const digits = (pattern: RegExp, expected: string) =>
  Schema.String.check(Schema.isPattern(pattern, { expected }))

const numberOf = SchemaTransformation.transform({
  decode: (text: string) => Number(text),
  encode: (value: number) => String(value)
})

/** Entries of a page: 1 to 100, 50 unless given. */
export const PageLimit = digits(/^([1-9]\d?|100)$/, "an integer from 1 to 100").pipe(
  Schema.decodeTo(Schema.Int, numberOf)
)

/** Hits of a page: 1 to 50, 50 unless given. */
export const SearchPageLimit = digits(/^([1-9]|[1-4]\d|50)$/, "an integer from 1 to 50").pipe(
  Schema.decodeTo(Schema.Int, numberOf)
)

/** A place in a conversation, in its digits. */
export const Pos = digits(/^(0|[1-9]\d{0,14})$/, "a position, an integer from 0").pipe(
  Schema.decodeTo(Schema.Int, numberOf)
)

/** One of the 256 parts of the record. */
export const Slice = digits(/^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/, "a slice, 0 to 255").pipe(
  Schema.decodeTo(Schema.Int, numberOf)
)
