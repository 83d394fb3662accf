import { readable } from "@indelible/domain/text/ReadableText"
import { hitsIn, type Range } from "./Matching.ts"
import type { SearchQuery } from "./SearchQuery.ts"
import { wordsOf } from "./Words.ts"

/** Part of a text round what was searched for. It is text and not markup: whoever shows it marks the hits. */
export interface Excerpt {
  readonly parts: ReadonlyArray<{ readonly text: string; readonly hit: boolean }>
  /** Text before it was left out. */
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}

/** Graphemes shown at most, and how many of them before the first hit. */
export const excerptLength = 160
const lead = 40

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g

/** A grapheme's border some way before the first hit; far enough, unless the characters are very long ones. */
const somewhereBefore = (text: string, hit: Range | undefined): number =>
  graphemes.segment(text).containing(Math.max(0, (hit?.start ?? 0) - 8 * lead))?.index ?? 0

const windowOf = (text: string, hit: Range | undefined) => {
  const from = somewhereBefore(text, hit)
  const before: Array<string> = []
  const shown: Array<string> = []
  let start = from
  for (const { index, segment } of graphemes.segment(text.slice(from))) {
    if (hit !== undefined && from + index + segment.length <= hit.start) {
      before.push(segment)
      if (before.length > lead) start += before.shift()?.length ?? 0
    } else if (before.length + shown.length === excerptLength) break
    else shown.push(segment)
  }
  return { start, graphemes: [...before, ...shown] }
}

/**
 * The part of a message or name, as readers get it, that shows best why it was found: the first hit with some text round
 * it, cut between visible characters. Hits are found as the index finds them.
 */
export const excerptOf = (text: string, query: SearchQuery): Excerpt => {
  const hits = hitsIn(wordsOf(text), query)
  const { graphemes: shown, start } = windowOf(text, hits[0])
  const whole = shown.join("")
  // The cut may leave an isolate open, which would reorder what is shown after it.
  const tidy =
    readable(whole) === whole ? (piece: string) => piece : (piece: string) => piece.replace(BIDI, "")
  const parts: Array<{ text: string; hit: boolean }> = []
  let at = start
  for (const grapheme of shown) {
    const end = at + grapheme.length
    const hit = hits.some((range) => range.start < end && range.end > at)
    const last = parts.at(-1)
    const piece = tidy(grapheme)
    if (last?.hit === hit) last.text += piece
    else if (piece !== "") parts.push({ text: piece, hit })
    at = end
  }
  return { parts, cutBefore: start > 0, cutAfter: at < text.length }
}
