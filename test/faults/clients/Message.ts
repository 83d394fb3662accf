import { createHash, randomUUID } from "node:crypto"
import type { Seed } from "../../torture/Seed.ts"

export interface Message {
  readonly conv: string
  /** The client's id for it. */
  readonly key: string
  readonly text: string
}

/** Two texts have the same if and only if they are the same. */
export const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 22)

/** What search has to find: whole words of every fourth message. */
export const searchWord = "beacon"
export const isFindable = (text: string) => text.includes(searchWord)

const letters = [
  ..."aé жЩ中文字ال ไทย 🇨🇭e\u0301\n\t\\\"'&%",
  "👩‍👩‍👧",
  "{}",
  "';--",
  "a < b",
  "<b>bold</b>",
  "\u202e"
] as const

/** A message with a text of its own: several scripts, and what readers are not to get. */
export const newMessage = (seed: Seed, conv: string): Message => {
  const key = randomUUID()
  const length = seed.below(20) === 0 ? 700 : seed.below(40)
  const text = Array.from({ length }, () => letters[seed.below(letters.length)]).join("")
  return { conv, key, text: `${key} ${seed.below(4) === 0 ? `${searchWord} ` : ""}${text}` }
}
