import { Schema } from "effect"
import { storable, unstacked, visible } from "./TextRules.ts"

/** Unicode code points: neither UTF-16 units, nor bytes, nor what a reader would call characters. */
export const DEFAULT_MESSAGE_LENGTH = 5000

/**
 * What may be sent as a message: 1 to `limit` Unicode code points, so that a family emoji of 7 code points counts 7,
 * the same on client, server and database. What is accepted is stored exactly as it came.
 */
export const messageText = (limit: number = DEFAULT_MESSAGE_LENGTH) =>
  Schema.String.check(
    Schema.isBetweenCodePoints(1, limit, { message: `must be 1 to ${limit} Unicode code points long` }),
    Schema.makeFilter((text) => storable(text) ?? visible(text) ?? unstacked(text))
  )
