import { Schema } from "effect"
import { LowercaseUuid } from "../LowercaseUuid.ts"

/**
 * The pseudonym under which a person appears in events: a random UUID that says nothing about them. The people table
 * alone knows whose it is, so erasing that row leaves the record whole and the person unnamed.
 */
export const SubjectId = LowercaseUuid.pipe(Schema.brand("SubjectId"))
export type SubjectId = typeof SubjectId.Type
