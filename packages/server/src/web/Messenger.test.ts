import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { HttpRouter } from "effect/http"
import { builtMessenger, page, script } from "../../../../test/messenger/BuiltMessenger.ts"
import * as Messenger from "./Messenger.ts"
import { MessengerFolder } from "./MessengerFolder.ts"
import { codingFor, hasIt } from "./Negotiation.ts"

const built = builtMessenger()
afterAll(built.remove)

const served = (folder: URL, logged: Array<string> = []) => {
  const { handler } = HttpRouter.toWebHandler(
    Messenger.layer.pipe(
      Layer.provide(Layer.succeed(MessengerFolder, folder)),
      Layer.provide(Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))]))
    ),
    { disableLogger: true }
  )
  return (path: string, headers: Readonly<Record<string, string>> = {}) =>
    handler(new Request(new URL(path, "http://localhost"), { headers }))
}

const get = served(built.folder)
const asset = "/assets/index-4f2a.js"
const conversation = "/c/6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"

describe("the built messenger", () => {
  it.each(["/", "/archived", "/search", conversation])(
    "has its document at %s, asked for anew each time",
    async (path) => {
      const answer = await get(path)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(await answer.text(), page)
      assert.strictEqual(answer.headers.get("content-type"), "text/html; charset=utf-8")
      assert.strictEqual(answer.headers.get("cache-control"), "no-cache")
    }
  )

  it.each([
    [
      "/index.html",
      "/c",
      "/c/",
      "/c/1",
      `${conversation}0`,
      `${conversation}/x`,
      "/archived/old",
      "/anything"
    ],
    ["/.built", "/notes.exe", `${asset}.br`, `${asset}.gz`, "/assets/none.js", "/assets/..%2f.built"]
  ])("has nothing else", async (...paths) => {
    for (const path of paths) assert.strictEqual((await get(path)).status, 404, path)
  })

  it("lets browsers keep for ever what is named by its content, and nothing else", async () => {
    const kept = async (path: string) => (await get(path)).headers.get("cache-control")
    assert.strictEqual(await kept(asset), "public, max-age=31536000, immutable")
    assert.strictEqual(await kept("/assets/deep/font-1.woff2"), "public, max-age=31536000, immutable")
    assert.strictEqual(await kept("/favicon.svg"), "no-cache")
  })

  it("sends the smallest that a client takes, each under a tag of its own", async () => {
    const asked = async (accepted: string) => {
      const answer = await get(asset, { "accept-encoding": accepted })
      assert.strictEqual(answer.headers.get("vary"), "Accept-Encoding")
      assert.strictEqual(answer.headers.get("content-type"), "text/javascript; charset=utf-8")
      const body = new Uint8Array(await answer.arrayBuffer())
      return { body, coding: answer.headers.get("content-encoding"), etag: answer.headers.get("etag") }
    }
    const [br, gzip, plain] = [
      await asked("gzip, br"),
      await asked("gzip;q=0.5, br;q=0"),
      await asked("deflate")
    ]
    assert.deepStrictEqual([br.coding, gzip.coding, plain.coding], ["br", "gzip", null])
    assert.strictEqual(brotliDecompressSync(br.body).toString(), script)
    assert.strictEqual(gunzipSync(gzip.body).toString(), script)
    assert.strictEqual(Buffer.from(plain.body).toString(), script)
    assert.strictEqual(new Set([br.etag, gzip.etag, plain.etag]).size, 3)
  })

  it("does not send again what a client has", async () => {
    const first = await get("/")
    const etag = first.headers.get("etag") ?? ""
    for (const tags of [etag, `"other", W/${etag}`, "*"]) {
      const again = await get("/", { "if-none-match": tags })
      assert.strictEqual(again.status, 304, tags)
      assert.strictEqual(await again.text(), "")
      assert.strictEqual(again.headers.get("etag"), etag)
    }
    assert.strictEqual((await get("/", { "if-none-match": `"other"` })).status, 200)
  })
})

describe("a messenger that is not built", () => {
  it("is told of once in the log, and where it would be", async () => {
    const logged: Array<string> = []
    const getNone = served(new URL("file:///nowhere/at/all/"), logged)
    for (const path of ["/", "/archived", conversation]) {
      const answer = await getNone(path)
      assert.strictEqual(answer.status, 503)
      assert.include(await answer.text(), "npm run build")
    }
    assert.lengthOf(
      logged.filter((line) => line.includes("npm run build")),
      1
    )
    assert.strictEqual((await getNone(asset)).status, 404)
  })
})

describe("what a client takes", () => {
  it.effect("is read from its headers", () =>
    Effect.sync(() => {
      assert.strictEqual(codingFor(undefined, ["br", "gzip"]), undefined)
      assert.strictEqual(codingFor("*", ["gzip"]), "gzip")
      assert.strictEqual(codingFor("*;q=0, br", ["br", "gzip"]), "br")
      assert.strictEqual(codingFor("BR ; q=0.1", ["br"]), "br")
      assert.strictEqual(codingFor("identity", ["br"]), undefined)
      assert.isFalse(hasIt(undefined, '"a"'))
      assert.isTrue(hasIt('W/"a"', '"a"'))
    })
  )
})
