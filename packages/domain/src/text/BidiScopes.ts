type Scope = "embedding" | "override" | "isolate"

const openers: Readonly<Record<string, Scope>> = {
  "\u202a": "embedding",
  "\u202b": "embedding",
  "\u202d": "override",
  "\u202e": "override",
  "\u2066": "isolate",
  "\u2067": "isolate",
  "\u2068": "isolate"
}
const PDF = "\u202c"
const PDI = "\u2069"

/**
 * Keeps the bidirectional formatting of one line to itself (UAX #9): overrides go, embeddings and isolates are closed
 * before the line ends, and a closer without an opener goes, since it would close something of the page around it.
 */
export class BidiScopes {
  #open: Array<Scope> = []
  #isolates = 0

  /** What becomes of the next character: itself, or nothing. */
  admit(character: string): string {
    const scope = openers[character]
    if (scope !== undefined) return this.#enter(scope) ? character : ""
    if (character === PDF) return this.#leave() ? character : ""
    if (character === PDI) return this.#leaveIsolate() ? character : ""
    return character
  }

  /** Closes what is open and returns the closers. */
  close(): string {
    const closers = this.#open
      .reverse()
      .map((scope) => (scope === "isolate" ? PDI : scope === "embedding" ? PDF : ""))
    this.#open = []
    this.#isolates = 0
    return closers.join("")
  }

  #enter(scope: Scope): boolean {
    this.#open.push(scope)
    if (scope === "isolate") this.#isolates += 1
    return scope !== "override"
  }

  #leave(): boolean {
    const innermost = this.#open.at(-1)
    if (innermost === undefined || innermost === "isolate") return false
    this.#open.pop()
    return innermost === "embedding"
  }

  /** The end of an isolate ends the embeddings inside it as well. */
  #leaveIsolate(): boolean {
    if (this.#isolates === 0) return false
    while (this.#open.pop() !== "isolate");
    this.#isolates -= 1
    return true
  }
}
