import { foldWord } from "./FoldWord.ts"

/** A searchable piece of a text, at these places of it (UTF-16). Its number is its place in the list. */
export interface Word {
  readonly lexeme: string
  readonly start: number
  readonly end: number
  /**
   * Of a script without spaces every character begins a word of two characters, the last one a word of one: then this
   * is the end of the first of the two. Null for all other words.
   */
  readonly first: number | null
}

// Scripts that are written without spaces between words; Korean among them, since its endings are written to the word.
const UNSPACED = String.raw`[[\p{L}\p{N}\p{M}]&&[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]]`
const INVISIBLE = String.raw`\u00ad\u200c-\u200f\u2060`
const PIECE = new RegExp(
  [
    String.raw`\p{RGI_Emoji}|[\p{Extended_Pictographic}--[©®™]]`,
    `(?<unspaced>${UNSPACED}+)`,
    String.raw`[[\p{L}\p{N}]--${UNSPACED}][[\p{L}\p{N}\p{M}${INVISIBLE}]--${UNSPACED}]*`
  ].join("|"),
  "gv"
)

// What belongs to the character before it: marks, the half-width sound marks of Japanese, vowels and finals of Hangul
// that was taken apart.
const CHARACTER =
  /[^\p{M}\uff9e\uff9f\u1160-\u11ff][\p{M}\uff9e\uff9f\u1160-\u11ff]*|[\p{M}\uff9e\uff9f\u1160-\u11ff]+/gv

const pairsOf = (run: string, at: number): ReadonlyArray<Word> => {
  const characters = [...run.matchAll(CHARACTER)].flatMap(({ 0: character, index }) => {
    const folded = foldWord(character)
    return folded === "" ? [] : [{ folded, start: at + index, end: at + index + character.length }]
  })
  return characters.map(({ end, folded, start }, i) => {
    const next = characters[i + 1]
    return { lexeme: folded + (next?.folded ?? ""), start, end: next?.end ?? end, first: end }
  })
}

/**
 * The words of a text, folded. A word is a run of letters and digits; an emoji is a word; nothing else is. So
 * `Hello.World`, `km/h` and `anna@example.com` are words in a row, and what a person remembers of them is found.
 *
 * This one function makes the index, reads what is asked for, and finds what is highlighted: they cannot disagree, and
 * the words are the same in whatever locale and version Postgres runs.
 */
export const wordsOf = (text: string): ReadonlyArray<Word> => {
  const words: Array<Word> = []
  for (const { 0: piece, groups, index } of text.matchAll(PIECE)) {
    if (groups?.unspaced !== undefined) {
      words.push(...pairsOf(piece, index))
      continue
    }
    const lexeme = foldWord(piece)
    if (lexeme !== "") words.push({ lexeme, start: index, end: index + piece.length, first: null })
  }
  return words
}
