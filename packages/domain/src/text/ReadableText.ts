import { BidiScopes } from "./BidiScopes.ts"
import { elementOf, LONGEST_TAG_START } from "./HtmlElements.ts"
import { HtmlTagEnds } from "./HtmlTagEnds.ts"

const NEEDS_CLEANING = /[<[\p{Cc}--[\n\t]]\u2028-\u202e\u2066-\u2069]/v

/** U+0085 is no line break here: in mail and office text it is mostly a mistaken ellipsis of Windows-1252. */
const withoutControls = (text: string): string =>
  text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(/[\p{Cc}--[\n\t]]/gv, "")

const endsTagName = (character: string): boolean => /[\t\n />]/.test(character)

/**
 * What readers get of a text that someone wrote: a message, a caption, a name. The event keeps what was sent; frames,
 * read models and the search index all show this. It is text, not markup: every page still escapes it.
 *
 * - Tags of HTML elements go, `script` and `style` with their content. `a < b && c > d`, `<NotAnElement>`, `&lt;b&gt;`
 *   and comments stay as they are. Of a tag that never ends only the `<` or `</` goes, so that "a <b holds" loses no word.
 * - CR LF, CR, U+2028 and U+2029 read as a newline; every other control character but newline and tab goes.
 * - Bidirectional overrides go, embeddings and isolates are closed in their line, stray closers go.
 *
 * Cleaning twice is cleaning once: a tag is recognised in what has been *kept* so far, so taking one out can never leave
 * two halves that make another. Time is linear in the text.
 */
export const readable = (text: string): string => {
  if (!NEEDS_CLEANING.test(text)) return text
  const source = withoutControls(text)
  const ends = new HtmlTagEnds(source)
  const scopes = new BidiScopes()
  const kept: Array<string> = []
  /** Where in `kept` each `<` stands. */
  const angles: Array<number> = []
  // Nothing empty may stand between two characters that are neighbours in the result.
  const keep = (piece: string) => {
    if (piece !== "") kept.push(piece)
  }

  /** The HTML tag, as yet without its `>`, that `kept` ends with. */
  const tagInHand = () => {
    const start = angles.at(-1)
    if (start === undefined || kept.length - start > LONGEST_TAG_START) return undefined
    const name = elementOf(kept.slice(start).join(""))
    return name === undefined ? undefined : { name, start, closing: kept[start + 1] === "/" }
  }

  let at = 0
  while (at <= source.length) {
    const character = source.charAt(at)
    const tag = at === source.length || endsTagName(character) ? tagInHand() : undefined
    if (tag !== undefined) {
      angles.pop()
      const end = ends.ofTag(at)
      if (end === -1) kept.splice(tag.start, tag.closing ? 2 : 1)
      else {
        kept.length = tag.start
        at =
          !tag.closing && (tag.name === "script" || tag.name === "style")
            ? ends.ofElement(tag.name, end)
            : end
      }
      // Look again at this place: what is left in hand may be a tag by now, as in `<<b>b>`.
      continue
    }
    if (character === "<") angles.push(kept.length)
    if (character === "\n") keep(scopes.close())
    keep(scopes.admit(character))
    at += 1
  }
  keep(scopes.close())
  return kept.join("")
}
