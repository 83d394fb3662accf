import { randomBytes } from "node:crypto"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile({
  NODE_ENV: "production",
  JWT_SECRET: randomBytes(32).toString("hex"),
  JWT_ISSUER: "https://issuer.example.com",
  JWT_AUDIENCE: "indelible"
})

describe("a service in production", () => {
  it("has neither the page nor the development sign-in", async () => {
    for (const path of ["/", "/page/page.js", "/page/page.css", "/page/Connection.js"]) {
      assert.strictEqual((await world().anyone("GET", path)).outcome, "404 not_found", path)
    }
    assert.strictEqual((await world().anyone("POST", "/", {})).outcome, "404 not_found")
    const signIn = await world().anyone("POST", "/development/sign-in", { userId: "anyone" })
    assert.strictEqual(signIn.outcome, "404 not_found")
  })
})
