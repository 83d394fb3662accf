import { hash } from "node:crypto"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { SubjectId } from "@indelible/domain/subject/SubjectId"

// A made-up platform, the same on every run: 20,000 conversations of very different length, 30,000 words of very
// different frequency, some of them with accents, and some Chinese.

export const conversationCount = 20_000
const vocabularySize = 30_000

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export const randomFrom = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const uuid = (name: string) => {
  const hex = hash("sha256", name)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
export const conversations = Array.from({ length: conversationCount }, (_, i) =>
  ConversationId.make(uuid(`conversation ${i}`))
)
export const workers = Array.from({ length: conversationCount }, (_, i) =>
  SubjectId.make(uuid(`worker ${i}`))
)

/** Those who search, and how many conversations they have. */
export const searchers = [10, 200, 5_000].map((size) => ({
  size,
  subject: SubjectId.make(uuid(`has ${size}`))
}))

/** The business of each conversation: those of the searchers lie evenly among the long and the short ones. */
export const businesses: ReadonlyArray<SubjectId> = conversations.map((_, i) => {
  const [few, some, many] = searchers
  if (i % 4 === 1 && many !== undefined) return many.subject
  if (i % 100 === 2 && some !== undefined) return some.subject
  if (i % 2_000 === 3 && few !== undefined) return few.subject
  return SubjectId.make(uuid(`business ${i >> 4}`))
})

const consonants = "bdfghjklmnprstvz"
const vowels = ["a", "e", "i", "o", "u", "ä", "é"]
const pick = <A>(from: ArrayLike<A>, at: number): A => {
  const found = from[Math.floor(at * from.length)]
  if (found === undefined) throw new Error("nothing to pick from")
  return found
}

const wordFrom = (random: () => number) =>
  Array.from(
    { length: 2 + Math.floor(random() * 3) },
    () => pick(consonants, random()) + pick(vowels, random() ** 2)
  ).join("")

const vocabulary = (() => {
  const random = randomFrom(1)
  const words = new Set<string>()
  while (words.size < vocabularySize) words.add(wordFrom(random))
  return [...words]
})()

/** In one of twenty messages: the most frequent word there is. */
export const mostFrequent = pick(vocabulary, 0)

/** Beginnings of words, three letters each. */
export const beginnings = [0.1, 0.3, 0.5, 0.7, 0.9].map((at) => pick(vocabulary, at).slice(0, 3))

const han = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + i * 13))

/** What somebody says: some 55 characters. */
export const sayFrom = (random: () => number): string => {
  if (random() < 0.03) {
    const said = Array.from({ length: 8 + Math.floor(random() * 10) }, () => pick(han, random() ** 2))
    return `${said.join("")}${random() < 0.02 ? "天气很好" : ""}`
  }
  const words = Array.from({ length: 6 + Math.floor(random() * 7) }, () => pick(vocabulary, random() ** 2))
  if (random() < 0.02) words.push("Schedule")
  if (random() < 0.001) words.push("Zürich")
  return `${words.join(" ")}.`
}

/** A conversation: the long ones are much longer than the short ones. */
export const conversationFrom = (random: () => number): number =>
  Math.floor(random() ** 2 * conversationCount)
