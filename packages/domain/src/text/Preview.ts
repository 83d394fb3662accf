import { readable } from "./ReadableText.ts"

export const PREVIEW_LENGTH = 100

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" })

/**
 * The beginning of a text for lists and notifications: what readers get of it, cut after `length` graphemes (UAX #29),
 * so that no visible character is split. Whoever shows it adds the ellipsis, if `preview(text) !== readable(text)`.
 */
export const preview = (text: string, length: number = PREVIEW_LENGTH): string => {
  const whole = readable(text)
  if (whole.length <= length) return whole
  let shown = 0
  for (const { index } of graphemes.segment(whole)) {
    // Cleaned once more, because the cut may leave an isolate open.
    if (shown === length) return readable(whole.slice(0, index))
    shown += 1
  }
  return whole
}
