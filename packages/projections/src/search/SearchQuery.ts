import { Schema } from "effect"

/** Words that stand next to each other. */
export interface Phrase {
  readonly lexemes: ReadonlyArray<string>
  /** The last of them may go on. */
  readonly prefix: boolean
}

export interface Condition {
  /** At least one; it holds where one of them is found. */
  readonly anyOf: ReadonlyArray<Phrase>
  /** Then it must not hold. */
  readonly excluded: boolean
}

/** All conditions must hold. Without one that is not excluded it finds nothing. */
export type SearchQuery = ReadonlyArray<Condition>

export const longestQuery = 200
export const mostQueryWords = 32

const problems = {
  blank: "must contain something to search for",
  too_long: `must be at most ${longestQuery} Unicode code points long`,
  too_many_words: `must be at most ${mostQueryWords} words`,
  only_exclusions: "must contain a word to search for besides those that are excluded"
} as const

/** Why what somebody typed is no search. */
export class BadSearch extends Schema.TaggedError<BadSearch>()("BadSearch", {
  problem: Schema.Literals(["blank", "too_long", "too_many_words", "only_exclusions"])
}) {
  override get message() {
    return problems[this.problem]
  }
}

/** Whether it can find anything: a lone `!` is not in the index, and finds nothing. */
export const findsAnything = (query: SearchQuery): boolean => query.some(({ excluded }) => !excluded)
