import { randomBytes } from "node:crypto"
import { SignJWT } from "jose"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const secret = randomBytes(48).toString("base64")
const world = HttpWorld.forThisFile({
  NODE_ENV: "production",
  JWT_SECRET: secret,
  JWT_ISSUER: "https://id.example.com",
  JWT_AUDIENCE: "indelible",
  PUBLIC_URL: "https://chat.example.com"
})

const token = (claims: Record<string, unknown>) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setIssuer("https://id.example.com")
    .setAudience("indelible")
    .setIssuedAt()
    .setExpirationTime("1 hour")
    .sign(new TextEncoder().encode(secret))

describe("in production", () => {
  it("there is no development sign-in", async () => {
    const body = { userId: "someone", role: "service" }
    assert.strictEqual((await world().anyone("POST", "/development/sign-in", body)).outcome, "404 not_found")
    assert.strictEqual((await world().anyone("GET", "/development/sign-in")).outcome, "404 not_found")
    assert.strictEqual((await world().anyone("GET", "/docs")).status, 200)
  })

  it("the platform's tokens are taken, and a role they claim counts for nothing but a program's", async () => {
    const platform = world().bearing(await token({ sub: "jobs", role: "service" }))
    const user = { name: "Ada", email: "ada@example.com", role: "worker", status: "active" }
    assert.strictEqual((await platform("PUT", "/directory/users/ada", user)).status, 200)
    for (const role of ["worker", "compliance", ["service"], "Service", "admin", undefined]) {
      const ada = world().bearing(await token({ sub: "ada", ...(role !== undefined && { role }) }))
      assert.notStrictEqual((await ada("PUT", "/directory/users/eve", user)).status, 200, String(role))
    }
    const ada = world().bearing(await token({ sub: "ada", role: "compliance" }))
    assert.strictEqual((await ada("GET", "/conversations")).status, 200)
  })

  it("H21 tells browsers to use https from now on, behind a proxy that ends it", async () => {
    const { headers } = await world().anyone("GET", "/health/live")
    assert.include(headers.get("strict-transport-security"), "max-age=63072000")
  })
})
