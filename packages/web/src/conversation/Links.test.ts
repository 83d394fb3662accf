import { assert, describe, it } from "vitest"
import { type Piece, piecesOf } from "./Links.ts"

const linksIn = (text: string) => piecesOf(text).filter((piece) => piece.kind === "link")
const isWhole = (pieces: ReadonlyArray<Piece>) =>
  pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.shown)).join("")

describe("links in messages", () => {
  it("leave text round them as it was", () => {
    const text = "See https://example.com/a?b=c#d, (http://example.org/x_(y)) and mailto:ada@example.com."
    assert.deepStrictEqual(
      linksIn(text).map(({ href }) => href),
      ["https://example.com/a?b=c#d", "http://example.org/x_(y)", "mailto:ada@example.com"]
    )
    assert.strictEqual(isWhole(piecesOf(text)), text)
  })

  it("are none of any other kind", () => {
    for (const text of [
      "javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "xhttps://example.com",
      "ftp://example.com",
      "https://",
      "mailto:nobody",
      "//example.com"
    ]) {
      assert.deepStrictEqual(piecesOf(text), [{ kind: "text", text }], text)
    }
  })

  it("are none where a name before the host hides it", () => {
    assert.deepStrictEqual(linksIn("https://bank.example@evil.example/"), [])
    assert.deepStrictEqual(linksIn("https://bank.example:pw@evil.example/"), [])
  })

  it("show the host that they lead to, as the network knows it", () => {
    const [link] = linksIn("https://аpple.com/login")
    assert.deepInclude(link, { shown: "https://xn--pple-43d.com/login", host: "xn--pple-43d.com" })
    assert.deepInclude(linksIn("HTTPS://Example.COM/Path")[0], { shown: "HTTPS://Example.COM/Path" })
  })

  it("end where a control would turn the direction of the text", () => {
    assert.deepInclude(linksIn("https://example.com/\u202Emoc.live")[0], { href: "https://example.com/" })
  })

  it("take no time to speak of in the longest text", () => {
    const before = performance.now()
    piecesOf("https://a".repeat(555))
    piecesOf(`https://${"(".repeat(2400)}${")".repeat(2400)}`)
    assert.isBelow(performance.now() - before, 1000)
  })
})
