import { randomBytes } from "node:crypto"
import { afterAll, assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { builtMessenger, page } from "../../messenger/BuiltMessenger.ts"

const built = builtMessenger()
afterAll(built.remove)
const world = HttpWorld.forThisFile(
  {
    NODE_ENV: "production",
    JWT_SECRET: randomBytes(32).toString("hex"),
    JWT_ISSUER: "https://issuer.example.com",
    JWT_AUDIENCE: "indelible",
    SIGN_IN_URL: "https://jobs.example.com/sign-in?for=chat"
  },
  {},
  {},
  built.folder
)

describe("the messenger of a service in production", () => {
  it("is served, and knows where people sign in", async () => {
    assert.strictEqual((await world().anyone("GET", "/")).text, page)
    const place = await world().anyone("GET", "/sign-in.json")
    assert.deepStrictEqual(place.json, { url: "https://jobs.example.com/sign-in?for=chat" })
    assert.strictEqual(place.headers.get("cache-control"), "no-store")
  })

  it("knows nobody whom one may be, and no time but the real one", async () => {
    for (const [method, path, body] of [
      ["GET", "/development/people", undefined],
      ["POST", "/development/sign-in", { userId: "anyone" }],
      ["POST", "/development/clock", { at: "2026-01-01T00:00:00.000Z" }]
    ] as const) {
      assert.strictEqual((await world().anyone(method, path, body)).outcome, "404 not_found", path)
    }
  })
})
