import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { readable } from "./ReadableText.ts"

const [RLE, PDF, LRO, RLO] = ["\u202b", "\u202c", "\u202d", "\u202e"]
const [LRI, RLI, PDI] = ["\u2066", "\u2067", "\u2069"]

describe("NFR-MSG-SEC-004: what readers get", () => {
  it.each([
    ["T1 a script goes with its content", "a<script>alert(1)</script>b", "ab"],
    ["T1 an event handler goes with its tag", '"><img src=x onerror=alert(1)>', '">'],
    ["T2 a tag inside a tag's name", "<scr<script>ipt>alert(1)</script>", "<scr"],
    ["T2 a tag that removing another would make", "<scr<b>ipt>alert(1)</script>x", "x"],
    ["T2 tags in tags in tags", "<<<i>b>b>x", "x"],
    ["T2 a slash for a space, and no end", "<img/src=x/onerror=alert(1)", "img/src=x/onerror=alert(1)"],
    ["upper case, newlines and a sloppy end tag", "<SCRIPT\n>x</sCript\t junk>y", "y"],
    ["style goes with its content", "<style>a{}</style>ok", "ok"],
    ["a quoted > does not end a tag", "<a title='x > y' href=\"z\">k</a>", "k"],
    ["a quote without a partner does not hide the end", "<a title='x>k</a>", "k"],
    ["a script without an end loses no word", "the <script> tag", "the  tag"],
    ["a script whose end tag has no end", "x<script>alert(1)</script ", "x"],
    ["a tag without an end loses no word", "if a <b then c", "if a b then c"],
    ["nothing after the name", "see <b", "see b"],
    ["end tags without ends", "</i</i", "</ii"],
    ["a control inside a name hides no tag", "<im\u0001g src=x>y", "y"],
    ["a stray isolate closer inside a name hides no tag", `<sc${PDI.repeat(40)}ript>x</script>y`, "y"],
    ["svg and math", "<svg onload=alert(1)><math>x", "x"]
  ])("%s", (_, sent, read) => {
    assert.strictEqual(readable(sent), read)
  })

  it.each([
    "a < b && c > d",
    "<NotAnElement>",
    "<my-element>, <command> and List<T>",
    "&lt;b&gt;",
    "&amp;amp;",
    "I <3 you < 5 times </ <> <!-- -->",
    "{{7*7}} \u0024{7*7} %s%n%x '; DROP TABLE events;--",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 👋🏽 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "مرحبا world 123 \u200fשלום\u200e",
    `${RLE}שלום 123${PDF} and ${RLI}مرحبا${PDI}`,
    "漢字 ไทย é क्षि",
    "tab\there\nand there"
  ])("T2 T10 T12 leaves %j exactly as it is", (text) => {
    assert.strictEqual(readable(text), text)
  })

  it("T8 removes overrides with their closers and keeps the other formatting in its line", () => {
    assert.strictEqual(readable(`a${RLO}gnp${PDF}.exe${LRO}`), "agnp.exe")
    assert.strictEqual(readable(`${LRI}a${RLI}b`), `${LRI}a${RLI}b${PDI}${PDI}`)
    assert.strictEqual(readable(`${LRI}a\nb${PDI}`), `${LRI}a${PDI}\nb`)
    assert.strictEqual(readable(`${RLE}a`), `${RLE}a${PDF}`)
    assert.strictEqual(readable(`${LRI}${RLE}a${PDF}${PDF}${PDI}${PDI}`), `${LRI}${RLE}a${PDF}${PDI}`)
    assert.strictEqual(readable(`${LRI}${RLE}a${PDI}b${PDF}`), `${LRI}${RLE}a${PDI}b`)
    assert.strictEqual(readable(`${LRI}<b title="${PDI}">x`), `${LRI}x${PDI}`)
  })

  it("T11 keeps newline and tab, reads every other line break as a newline, removes other controls", () => {
    assert.strictEqual(readable("a\r\nb\rc\nd\u2028e\u2029f\tg"), "a\nb\nc\nd\ne\nf\tg")
    assert.strictEqual(readable("a\u0000b\u001b[31mc\u007fd\u0085e\u009bf\u000bg\u000ch"), "ab[31mcdefgh")
  })

  const fragments: ReadonlyArray<string> = [
    ..."<>/ =\"'ab\n\t&!",
    ...[
      "script",
      "</script>",
      "<style",
      "<b>",
      "img",
      "</i",
      "x",
      "<scr",
      "ipt>",
      "title='",
      "<!--",
      "\u0001",
      "\r"
    ],
    ...[RLE, PDF, LRO, RLO, LRI, RLI, PDI, "😀", "é"]
  ]
  const Hostile = Schema.Array(Schema.Literals(fragments)).check(Schema.isMaxLength(60))
  // What any HTML parser would take for the start of a tag of an element used above.
  const TAG = /<\/?(?:script|style|b|img|i|a)(?:[\t\n\f\r />]|$)/i

  it.prop(
    "T2 T8 T11 hostile text comes out clean, and cleaning twice is cleaning once",
    [Hostile],
    ([chosen]) => {
      const read = readable(chosen.join(""))
      assert.strictEqual(readable(read), read)
      assert.notMatch(read, TAG)
      assert.notMatch(read, /[[\p{Cc}--[\n\t]]\u2028\u2029\u202d\u202e]/v)
      for (const line of read.split("\n")) {
        const count = (pattern: RegExp) => line.match(pattern)?.length ?? 0
        assert.strictEqual(count(/[\u2066-\u2068]/g), count(/\u2069/g), "every isolate is closed in its line")
      }
    },
    { arbitrary: { runs: 3000, size: 60 } }
  )

  it.prop("text without < changes only in its controls", [Schema.String], ([text]) => {
    const harmless = text.replace(/[<\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, "")
    assert.strictEqual(readable(harmless), harmless)
  })

  it("takes time linear in the text, however hostile", () => {
    const patterns = [
      "<b",
      "<b ",
      '<a x="" ',
      '<a x=">" ',
      "<a x='",
      "<script>",
      "<script></scrip",
      "<scr<b>ipt>",
      "\u2066"
    ]
    const took = (text: string) => {
      const start = performance.now()
      readable(text)
      return performance.now() - start
    }
    for (const pattern of patterns) {
      const text = pattern.repeat(Math.ceil(5000 / pattern.length))
      took(text)
      // Quadratic work on 5,000 characters is 25 million steps an attempt; the best of five leaves out a busy machine.
      const best = Math.min(...Array.from({ length: 5 }, () => took(text)))
      assert.isBelow(best, 20, `${pattern} repeated`)
    }
  })
})
