import { Result } from "effect"
import { BadSearch, longestQuery, mostQueryWords, type Phrase, type SearchQuery } from "./SearchQuery.ts"
import { type Word, wordsOf } from "./Words.ts"

/** Fewer letters may be the beginning of nearly every word, and looking for all of them would take seconds. */
const SHORTEST_PREFIX = 3

const phraseOf = (text: string, quoted: boolean): Phrase | null => {
  const words = wordsOf(text)
  const last = words.at(-1)
  if (last === undefined) return null
  if (last.first === null) {
    return {
      lexemes: words.map(({ lexeme }) => lexeme),
      prefix: !quoted && [...last.lexeme].length >= SHORTEST_PREFIX
    }
  }
  // The pairs of characters say it all, and the text may go on after them; but one character alone begins a pair.
  const before = words.at(-2)
  const paired = before !== undefined && before.first !== null && before.end === last.end
  const sought: ReadonlyArray<Word> = paired ? words.slice(0, -1) : words
  return { lexemes: sought.map(({ lexeme }) => lexeme), prefix: !paired }
}

interface Term {
  readonly phrase: Phrase | null
  readonly excluded: boolean
  readonly isOr: boolean
}

const TERM = /-?"([^"]*)"|\S+/gu

const termOf = ([text = "", quoted]: ReadonlyArray<string | undefined>): Term => {
  const excluded = /^-[^\s-]/u.test(text)
  return {
    phrase: phraseOf(quoted ?? (excluded ? text.slice(1) : text), quoted !== undefined),
    excluded,
    isOr: text === "OR"
  }
}

const conditionsOf = (terms: ReadonlyArray<Term>): SearchQuery => {
  const conditions: Array<{ anyOf: Array<Phrase>; excluded: boolean }> = []
  for (let i = 0; i < terms.length; i++) {
    const [term, next] = [terms[i], terms[i + 1]]
    if (term === undefined) continue
    const current = conditions.at(-1)
    const joins = term.isOr && current?.excluded === false && next !== undefined && !next.excluded
    if (joins) {
      if (next.phrase !== null) current.anyOf.push(next.phrase)
      i += 1
    } else conditions.push({ anyOf: term.phrase === null ? [] : [term.phrase], excluded: term.excluded })
  }
  // What has no word in it, such as a lone `&`, is not in the index and says nothing.
  return conditions.filter(({ anyOf }) => anyOf.length > 0)
}

const BLANK = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]*$/u

/**
 * Reads what a person typed into a search field. Words must all be there, each as the beginning of a word from three
 * letters on; `"words in quotes"` stand together and whole; `-word` excludes; `OR`, in capitals, between two words asks
 * for either. Everything else means itself, and nothing is a syntax error.
 */
export const searchQuery = (typed: string): Result.Result<SearchQuery, BadSearch> => {
  const refuse = (problem: BadSearch["problem"]) => Result.fail(new BadSearch({ problem }))
  if (typed.length > 2 * longestQuery || [...typed].length > longestQuery) return refuse("too_long")
  if (BLANK.test(typed)) return refuse("blank")
  const terms = [...typed.replace(/[“”„＂]/g, '"').matchAll(TERM)].map(termOf)
  if (terms.length > mostQueryWords) return refuse("too_many_words")
  if (terms.every(({ excluded }) => excluded)) return refuse("only_exclusions")
  return Result.succeed(conditionsOf(terms))
}
