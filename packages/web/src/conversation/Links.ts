/** A piece of a text: plain, or a link whose `shown` names the host that it leads to. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly href: string; readonly shown: string; readonly host: string }

/**
 * Neither spaces nor what usually stands round an address. Bidi controls could make a host read as another one, so no
 * link reaches across them.
 */
const CANDIDATE =
  /(?<![\p{L}\p{N}_])(?:https?:\/\/|mailto:)[^\s<>"“”«»`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu

const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" }

const count = (text: string, character: string) => text.split(character).length - 1

/** A full stop after an address ends the sentence, and a bracket that was opened before it is not part of it. */
const trimmed = (candidate: string): string => {
  let text = candidate
  for (;;) {
    const last = text.at(-1) ?? ""
    const opening = CLOSING[last]
    const loose =
      opening === undefined ? /[.,;:!?'’…،؛؟。、]/u.test(last) : count(text, last) > count(text, opening)
    if (!loose) return text
    text = text.slice(0, -last.length)
  }
}

const asLink = (text: string): Piece | null => {
  const url = URL.parse(text)
  if (url === null) return null
  if (url.protocol === "mailto:") {
    return /^[^@\s]+@[^@\s]+$/u.test(url.pathname)
      ? { kind: "link", href: url.href, shown: text, host: url.pathname }
      : null
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null
  // `https://bank.example@evil.example` reads as the bank and leads to the other: it stays text.
  if (url.username !== "" || url.password !== "") return null
  const [, typedHost = ""] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? []
  // A host that looks like another by foreign letters is shown as the network knows it.
  const shown = typedHost.toLowerCase() === url.host ? text : url.href
  return { kind: "link", href: url.href, shown, host: url.host }
}

/** Finds what may be a link in a text: http, https and mailto, and nothing else. Together the pieces are the text. */
export const piecesOf = (text: string): ReadonlyArray<Piece> => {
  const pieces: Array<Piece> = []
  let done = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const found = trimmed(match[0])
    const link = asLink(found)
    if (link === null) continue
    if (match.index > done) pieces.push({ kind: "text", text: text.slice(done, match.index) })
    pieces.push(link)
    done = match.index + found.length
  }
  if (done < text.length) pieces.push({ kind: "text", text: text.slice(done) })
  return pieces
}
