import type { Phrase, SearchQuery } from "./SearchQuery.ts"
import type { Word } from "./Words.ts"

/** A lexeme as Postgres reads it, whatever is in it. */
const quoted = (lexeme: string): string => `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`

/** The words as a `tsvector`, in its text form. */
export const tsvectorText = (words: ReadonlyArray<Word>): string => {
  const places = new Map<string, Array<number>>()
  for (const [i, { lexeme }] of words.entries()) {
    const known = places.get(lexeme)
    if (known === undefined) places.set(lexeme, [i + 1])
    else known.push(i + 1)
  }
  return [...places].map(([lexeme, at]) => `${quoted(lexeme)}:${at.join(",")}`).join(" ")
}

const phraseText = ({ lexemes, prefix }: Phrase): string =>
  `(${lexemes.map(quoted).join(" <-> ")}${prefix ? ":*" : ""})`

/** The query as a `tsquery`, in its text form: every lexeme is quoted, so nothing that was typed can be an operator. */
export const tsqueryText = (query: SearchQuery): string =>
  query
    .map(({ anyOf, excluded }) => `${excluded ? "!" : ""}(${anyOf.map(phraseText).join(" | ")})`)
    .join(" & ")
