/**
 * Finds where tags end in one text that is read from left to right. What was looked for in vain is not looked for
 * again, so that all searches together take time linear in the text, whatever it holds.
 */
export class HtmlTagEnds {
  readonly #text: string
  #quotesMatch = true
  readonly #absent = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  /** The place after the `>` of the tag whose name ends at `from`; -1 when there is no more `>`. */
  ofTag(from: number): number {
    const quoted = this.#quotesMatch ? this.#pastQuotes(from) : -1
    // A quote without its partner would hide every later `>`: then quotes mean nothing from here on.
    if (quoted === -1) this.#quotesMatch = false
    return quoted === -1 ? this.#after(">", from) : quoted
  }

  /** The place after the end tag of an element whose content begins at `from`; `from` itself when it has none. */
  ofElement(name: "script" | "style", from: number): number {
    if (this.#absent.has(name)) return from
    const endTag = new RegExp(`</${name}(?=[\\t\\n />])`, "gi")
    endTag.lastIndex = from
    if (!endTag.test(this.#text)) {
      this.#absent.add(name)
      return from
    }
    const end = this.ofTag(endTag.lastIndex)
    return end === -1 ? this.#text.length : end
  }

  /** As HTML reads attributes: a `>` inside a quoted value does not end the tag. */
  #pastQuotes(from: number): number {
    const text = this.#text
    const value = /\s*(["'])?/y
    let at = from
    while (at < text.length) {
      if (text[at] === ">") return at + 1
      if (text[at] === "=") {
        value.lastIndex = at + 1
        const quote = value.exec(text)?.[1]
        if (quote === undefined) at += 1
        else {
          at = this.#after(quote, value.lastIndex)
          if (at === -1) return -1
        }
      } else at += 1
    }
    return -1
  }

  #after(mark: string, from: number): number {
    const at = this.#absent.has(mark) ? -1 : this.#text.indexOf(mark, from)
    if (at === -1) this.#absent.add(mark)
    return at === -1 ? -1 : at + mark.length
  }
}
