import { randomUUID } from "node:crypto"
import type { Seed } from "../Seed.ts"
import type { Command } from "./History.ts"

// With the envelope less than 4,096 bytes: a longer line is not written in one piece, and a killed writer would leave
// the half of it.
const longest = 700

const letters = [
  ..."aé жЩ中文字ال ไทย 🇨🇭e\u0301\u202e\u0000\n\t\\\"'<&%",
  "👩‍👩‍👧",
  "{}",
  "';--",
  ""
] as const

/** A command with a text of its own: several scripts, now and then long, or with what parsers trip over. */
export const newNote = (seed: Seed, stream: string, actor: string): Command => {
  const commandId = randomUUID()
  const length = seed.below(20) === 0 ? longest : seed.below(60)
  const text = Array.from({ length }, () => letters[seed.below(letters.length)]).join("")
  return { stream, actor, commandId, text: `${commandId} ${text}` }
}
