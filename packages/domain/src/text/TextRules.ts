/** What is wrong with a text, in words for whoever wrote it; undefined when nothing is. Never quotes the text. */
export type Complaint = string | undefined

const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u

/**
 * Text in which nothing can be seen would show as an empty bubble or an unnamed person: spaces, controls, the code
 * points Unicode tells renderers to ignore (U+200B, Hangul fillers, variation selectors, ...) and the blank Braille
 * pattern U+2800.
 */
export const visible = (text: string): Complaint =>
  VISIBLE.test(text) ? undefined : "must contain something visible"

/**
 * Half a surrogate pair has no UTF-8: it would be stored as U+FFFD, which is not what was acknowledged. U+0000 cannot
 * be kept in a Postgres `text` or `jsonb`.
 */
export const storable = (text: string): Complaint =>
  !text.isWellFormed()
    ? "must be well-formed Unicode, without lone surrogates"
    : text.includes("\u0000")
      ? "must not contain U+0000"
      : undefined

const STACKED = /\p{M}{31}/u

/**
 * At most 30 combining marks in a row, the bound of Unicode's Stream-Safe Text Format (UAX #15, section 13). No script
 * needs more; more is made to paint over the neighbours.
 */
export const unstacked = (text: string): Complaint =>
  STACKED.test(text) ? "must not stack more than 30 combining marks on one character" : undefined
