import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"

const world = HttpWorld.forThisFile()
const user = { name: "Ada", email: "ada@example.com", role: "worker", status: "active" }

describe("the directory", () => {
  it("takes users as the platform tells them, again and again", async () => {
    const platform = await world().as("platform", "service")
    for (let i = 0; i < 2; i++) {
      const answer = await platform("PUT", "/directory/users/ada%20l%2F7", user)
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(answer.json, { id: "ada l/7", ...user })
    }
    const changed = await platform("PUT", "/directory/users/ada%20l%2F7", { ...user, name: "Ada L." })
    assert.deepInclude(changed.json, { name: "Ada L." })
  })

  it("never lets an application join other people", async () => {
    const platform = await world().as("platform", "service")
    const put = (business: string, worker: string, status: string) =>
      platform("PUT", "/directory/applications/a1", { business, worker, status })
    assert.strictEqual((await put("b", "w", "open")).status, 200)
    assert.deepStrictEqual((await put("b", "w", "withdrawn")).json, {
      ...{ id: "a1", business: "b", worker: "w", status: "withdrawn" }
    })
    assert.strictEqual((await put("b", "other", "open")).outcome, "409 application_taken")
  })

  it("signs out only whom it knows", async () => {
    const platform = await world().as("platform", "service")
    assert.strictEqual(
      (await platform("POST", "/directory/users/nobody/sign-out")).outcome,
      "404 user_not_found"
    )
  })

  it("T1 T8 T13 shows names without markup, and refuses those that reorder or break a line", async () => {
    const { applicationId, business, userIds, worker } = await world().pair()
    await world().put(userIds.worker, { name: '<img src=x onerror=alert(1)>"Support" <b>Аdmin</b>' })
    const started = await business("POST", "/conversations", { applicationId })
    assert.include(started.text, '"name":"\\"Support\\" Аdmin"')
    assert.strictEqual(started.status, 201)
    assert.strictEqual((await worker("GET", "/conversations")).status, 200)
    const platform = await world().as("platform", "service")
    for (const name of [
      "",
      "   ",
      "a\u202eb",
      "a\nb",
      "a\u0000b",
      "x".repeat(201),
      "\ud800",
      "a".concat("\u0301".repeat(31))
    ]) {
      const refused = await platform("PUT", "/directory/users/odd", { ...user, name })
      assert.strictEqual(refused.outcome, "400 invalid_request", JSON.stringify(name))
      assert.deepStrictEqual(refused.problem().errors?.[0]?.path, ["payload", "name"])
    }
  })

  it("refuses ids and addresses that are none", async () => {
    const platform = await world().as("platform", "service")
    for (const id of ["%00", "a%0Ab", "%E2%80%AE"]) {
      assert.strictEqual(
        (await platform("PUT", `/directory/users/${id}`, user)).outcome,
        "400 invalid_request",
        id
      )
    }
    for (const email of ["", "a", "a@", "@b", "a b@c", "a@b@c", "a@b\n", `${"a".repeat(65)}@b`]) {
      const refused = await platform("PUT", "/directory/users/odd", { ...user, email })
      assert.deepStrictEqual(refused.problem().errors?.[0]?.path, ["payload", "email"], email)
    }
  })
})
