import { Schema } from "effect"
import { Metadata } from "../conversation/ConversationEvent.ts"
import { type Complaint, storable } from "./TextRules.ts"

/** Bytes of the object as compact JSON in UTF-8. */
export const METADATA_SIZE = 2048

/** Names that mean something to JavaScript objects: a later copy by assignment would lose them or worse. */
const RESERVED = ["__proto__", "constructor", "prototype"]

const complaint = (metadata: Metadata): Complaint => {
  for (const [key, value] of Object.entries(metadata)) {
    if (RESERVED.includes(key)) return `must not have a key named ${key}`
    const unstorable = storable(key) ?? (typeof value === "string" ? storable(value) : undefined)
    if (unstorable !== undefined) return unstorable
  }
  return new TextEncoder().encode(JSON.stringify(metadata)).length > METADATA_SIZE
    ? `must be at most ${METADATA_SIZE} bytes of JSON`
    : undefined
}

/**
 * What may be sent as metadata: a flat object of strings, finite numbers, booleans and nulls, 2 KB as JSON. It is kept
 * in the body and returned as sent, never cleaned and never searched.
 */
export const MessageMetadata = Metadata.check(Schema.makeFilter(complaint))
