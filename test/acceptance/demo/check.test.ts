import { once } from "node:events"
import { createServer } from "node:net"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import { script } from "../../../packages/server/demo/check/Script.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { run } from "./DemoProcess.ts"
import * as ForgingProxy from "./ForgingProxy.ts"

const world = HttpWorld.forThisFile()
const url = () => `http://127.0.0.1:${world().port}`

const Seen = Schema.Struct({
  conversation: Schema.Struct({ unreadCount: Schema.Int, messageCount: Schema.Int, status: Schema.String }),
  entries: Schema.Array(
    Schema.Struct({ type: Schema.String, text: Schema.NullOr(Schema.String), seq: Schema.NullOr(Schema.Int) })
  )
})
const Told = Schema.fromJsonString(
  Schema.Struct({
    ok: Schema.Boolean,
    differences: Schema.Array(Schema.String),
    application: Schema.String,
    conversation: Schema.String,
    seenBy: Schema.Struct({ business: Seen, worker: Seen }),
    link: Schema.String
  })
)
const read = Schema.decodeUnknownSync(Told)
const Refused = Schema.fromJsonString(Schema.Struct({ ok: Schema.Literal(false), problem: Schema.String }))

const lines = Object.values(script).map(({ text }) => text)

/** One that was free a moment ago. */
const unusedPort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("not listening on TCP")
  return address.port
}

describe("npm run demo -- --check", () => {
  it("REQ-MSG-003 finds that both see exactly what was sent, the repeated sends once", async () => {
    const { exitCode, stderr, stdout } = await run(url(), "--json")
    assert.strictEqual(stderr, "")
    const told = read(stdout)
    assert.deepStrictEqual(told.differences, [])
    assert.isTrue(told.ok)
    assert.strictEqual(exitCode, 0)
    for (const { conversation, entries } of [told.seenBy.business, told.seenBy.worker]) {
      const texts = entries.filter(({ type }) => type === "TEXT")
      assert.deepStrictEqual(
        texts.map(({ text }) => text),
        lines
      )
      assert.deepStrictEqual(conversation, { unreadCount: 1, messageCount: lines.length, status: "ACTIVE" })
      assert.strictEqual(entries.length - texts.length, 2)
    }
    assert.strictEqual(told.link, `${url()}/c/${told.conversation}`)
  })

  it("tells it to people line by line, without colours, and can be run again at once", async () => {
    const [first, second] = await Promise.all([run(url()), run(url())])
    for (const { exitCode, stdout } of [first, second]) {
      assert.strictEqual(exitCode, 0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
      assert.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f]/)
      for (const line of lines.flatMap((text) => text.split("\n"))) assert.include(stdout, line)
      assert.include(stdout, "✓  sent")
      assert.include(stdout, "✓✓ delivered")
      assert.include(stdout, "SYSTEM  archived by the business")
      assert.include(stdout, "1 unread (1 in all)")
    }
    assert.notStrictEqual(first.stdout.match(/\/c\/\S+/)?.[0], second.stdout.match(/\/c\/\S+/)?.[0])
  })

  const history = /^\/conversations\/[^/]+\/messages$/
  const [, year = ""] = /^(\d{4})/.exec(new Date().toISOString()) ?? []
  it.each([
    ["a text that was normalised", (body: string) => body.normalize("NFC"), "message 6"],
    [
      "a status change by somebody else",
      (body: string) => body.replace('"by":"business"', '"by":"worker"'),
      "status"
    ],
    [
      "a receipt that only one sees",
      (body: string) => body.replace(`"readAt":"${year}`, '"readAt":"1999'),
      "both"
    ]
  ])("exits 1 and says what differs: %s", async (_, forge, found) => {
    let first: string | undefined
    const proxy = await ForgingProxy.start(world().port, ({ body, path, token }) => {
      if (!history.test(path) || !body.includes(script.goodbye.text)) return body
      // One of the two sees something else, as often as they look.
      first ??= token
      return token === first ? forge(body) : body
    })
    try {
      const { exitCode, stdout } = await run(proxy.origin, "--json")
      const told = read(stdout)
      assert.strictEqual(exitCode, 1)
      assert.isFalse(told.ok)
      assert.isTrue(
        told.differences.some((difference) => difference.includes(found)),
        told.differences.join("\n")
      )
    } finally {
      await proxy.end()
    }
  })

  it("names npm start when nothing answers", async () => {
    const { exitCode, stderr, stdout } = await run(`http://127.0.0.1:${await unusedPort()}`, "--json")
    assert.strictEqual(exitCode, 1)
    assert.include(stderr, "npm start")
    assert.include(Schema.decodeUnknownSync(Refused)(stdout).problem, "npm start")
  })
})
