import type { Phrase, SearchQuery } from "./SearchQuery.ts"
import type { Word } from "./Words.ts"

/** A part of a text, in UTF-16. */
export interface Range {
  readonly start: number
  readonly end: number
}

const holds = (words: ReadonlyArray<Word>, at: number, { lexemes, prefix }: Phrase): boolean =>
  lexemes.every((lexeme, i) => {
    const word = words[at + i]?.lexeme
    return word === lexeme || (prefix && i === lexemes.length - 1 && word?.startsWith(lexeme) === true)
  })

const rangesOf = (words: ReadonlyArray<Word>, phrase: Phrase): ReadonlyArray<Range> =>
  words.flatMap((word, i) => {
    const last = words[i + phrase.lexemes.length - 1]
    if (last === undefined || !holds(words, i, phrase)) return []
    // One character was asked for, and a pair that begins with it was found.
    const end = phrase.prefix && last.first !== null ? last.first : last.end
    return [{ start: word.start, end }]
  })

/** Where these words answer the query, in their order. */
export const hitsIn = (words: ReadonlyArray<Word>, query: SearchQuery): ReadonlyArray<Range> =>
  query
    .flatMap(({ anyOf, excluded }) => (excluded ? [] : anyOf))
    .flatMap((phrase) => rangesOf(words, phrase))
    .sort((a, b) => a.start - b.start || a.end - b.end)

/** Whether these words are what is asked for, as Postgres says it of messages. */
export const matches = (words: ReadonlyArray<Word>, query: SearchQuery): boolean =>
  query.some(({ excluded }) => !excluded) &&
  query.every(
    ({ anyOf, excluded }) =>
      anyOf.some((phrase) => words.some((_, i) => holds(words, i, phrase))) !== excluded
  )
