/**
 * The element names of HTML: the living standard's, the obsolete ones it still lists, `image` (which parsers read as
 * `img`), and the two that open foreign content. Any other name is text to us, such as `<command>` or `<NotAnElement>`.
 * https://html.spec.whatwg.org/multipage/indices.html#elements-3 and obsolete.html#non-conforming-features
 */
const htmlElements: ReadonlySet<string> = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br
  button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed
  fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image
  img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem meta meter
  multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre
  progress q rb rp rt rtc ruby s samp script search section select selectedcontent slot small source spacer span strike
  strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video
  wbr xmp`.split(/\s+/)
)

/** `</selectedcontent` */
export const LONGEST_TAG_START = 2 + Math.max(...Array.from(htmlElements, (name) => name.length))

/** The element that `<name` or `</name` begins or ends, in lower case; undefined when HTML knows no such element. */
export const elementOf = (tagStart: string): string | undefined => {
  const name = /^<\/?([A-Za-z][A-Za-z0-9]*)$/.exec(tagStart)?.[1]?.toLowerCase()
  return name !== undefined && htmlElements.has(name) ? name : undefined
}
