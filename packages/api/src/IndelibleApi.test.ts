import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import { OpenApi } from "effect/http-api"
import { IndelibleApi } from "./IndelibleApi.ts"
import { emptyBody } from "./page/EmptyBody.ts"
import { PageLimit, Pos, SearchPageLimit } from "./page/PageLimit.ts"
import { problemCatalogue } from "./problem/ProblemCatalogue.ts"

const spec = OpenApi.fromApi(IndelibleApi)
const operations = Object.entries(spec.paths).flatMap(([path, item]) =>
  (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
    const operation = item[method]
    return operation === undefined ? [] : [{ name: `${method.toUpperCase()} ${path}`, operation }]
  })
)

describe("the REST contract", () => {
  it("has the paths of the requirements and nothing that deletes", () =>
    assert.deepStrictEqual(operations.map(({ name }) => name).sort(), [
      "GET /conversations",
      "GET /conversations/search",
      "GET /conversations/unread-count",
      "GET /conversations/{id}",
      "GET /conversations/{id}/messages",
      "GET /conversations/{id}/messages/search",
      "GET /conversations/{id}/unread-count",
      "GET /health/live",
      "GET /health/ready",
      "GET /messages/search",
      "GET /operations/events",
      "GET /operations/projections",
      "GET /operations/projections/{name}",
      "GET /operations/projections/{name}/parked",
      "GET /users/{id}/presence",
      "PATCH /conversations/{id}/archive",
      "PATCH /conversations/{id}/reopen",
      "PATCH /messages/{id}/read",
      "POST /conversations",
      "POST /conversations/{id}/messages",
      "POST /conversations/{id}/read",
      "POST /directory/users/{id}/sign-out",
      ...["cancel", "pause", "rebuild", "resume", "retry", "rollback", "throttle", "verify"].map(
        (verb) => `POST /operations/projections/{name}/${verb}`
      ),
      "PUT /directory/applications/{id}",
      "PUT /directory/users/{id}"
    ]))

  it.each(operations)("$name documents its problems as problem+json", ({ operation }) => {
    const problems = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400)
    for (const [status, { content }] of problems) {
      assert.deepStrictEqual(Object.keys(content ?? {}), ["application/problem+json"], status)
    }
  })

  it.each(operations)("$name asks for a token, health alone does not", ({ name, operation }) => {
    assert.deepStrictEqual(operation.security, name.includes("/health/") ? [] : [{ bearer: [] }])
    assert.strictEqual("401" in operation.responses, !name.includes("/health/"))
  })

  it("takes JSON bodies only, and documents 413 and 415 where there is one", () => {
    for (const { name, operation } of operations) {
      const types = Object.keys(operation.requestBody?.content ?? {})
      assert.deepStrictEqual(types, operation.requestBody === undefined ? [] : ["application/json"], name)
      assert.strictEqual("413" in operation.responses, types.length > 0, name)
      assert.strictEqual("415" in operation.responses, types.length > 0, name)
    }
  })

  it("NFR-MSG-SEC-003 documents the headers of limits where there is one, refused or not", () => {
    const limited = operations.filter(({ operation }) => "429" in operation.responses)
    assert.sameMembers(
      limited.map(({ name }) => name),
      ["GET /conversations", "POST /conversations/{id}/messages"]
    )
    for (const { name, operation } of limited) {
      const answers = Object.entries(operation.responses).filter(([status]) => /^(2..|429)$/.test(status))
      for (const [status, { headers = {} }] of answers) {
        assert.containsAllKeys(headers, ["ratelimit", "ratelimit-policy"], `${name} ${status}`)
        assert.strictEqual("retry-after" in headers, status === "429", `${name} ${status}`)
      }
    }
  })

  it("gives every problem a code of its own, a page to explain it and advice", () => {
    const codes = problemCatalogue.map(({ identifier }) => identifier)
    assert.strictEqual(new Set(codes).size, codes.length)
    for (const { ast, identifier } of problemCatalogue) {
      assert.match(identifier, /^[a-z_]+$/)
      assert.isAbove(String(ast.annotations?.description).length, 20)
      assert.isNumber(ast.annotations?.httpApiStatus)
    }
  })
})

describe("numbers in the query", () => {
  const limit = Schema.decodeUnknownOption(PageLimit)
  const pos = Schema.decodeUnknownOption(Pos)

  it.each([
    "0",
    "-1",
    "101",
    "1e9",
    "1e309",
    "abc",
    "0x10",
    "",
    " 5",
    "+5",
    "5.0",
    "05",
    "٣",
    "NaN",
    ["1", "2"]
  ])("H17 refuses the limit %j", (text) => assert.isTrue(Option.isNone(limit(text))))

  it("H17 takes 1 to 100", () => {
    assert.deepStrictEqual(
      ["1", "50", "99", "100"].map((text) => limit(text)),
      [1, 50, 99, 100].map(Option.some)
    )
  })

  it("NFR-MSG-USAB-003 takes 1 to 50 of a search", () => {
    const most = Schema.decodeUnknownOption(SearchPageLimit)
    assert.deepStrictEqual(
      ["1", "10", "49", "50"].map((text) => most(text)),
      [1, 10, 49, 50].map(Option.some)
    )
    for (const text of ["0", "51", "100", "05"]) assert.isTrue(Option.isNone(most(text)), text)
  })

  it("R8 takes positions only where a number holds them exactly", () => {
    assert.deepStrictEqual(pos("999999999999999"), Option.some(999_999_999_999_999))
    for (const text of ["9007199254740993", "-1", "1.5", "00"]) assert.isTrue(Option.isNone(pos(text)), text)
  })
})

describe("an empty body", () => {
  const decode = Schema.decodeUnknownOption(Schema.Union(emptyBody))

  it("H5 has no field, not even one that objects inherit", () => {
    assert.isTrue(Option.isSome(decode({})))
    assert.isTrue(Option.isSome(decode(null)))
    for (const body of ['{"a":1}', '{"__proto__":{"a":1}}', '{"constructor":1}', "[]", '"x"', "1"]) {
      assert.isTrue(Option.isNone(decode(JSON.parse(body))), body)
    }
  })
})
