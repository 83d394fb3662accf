import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { parse } from "./RedisAddress.ts"

const parsed = (text: string) => Result.getOrThrowWith(parse(text), Error)

describe("REDIS_URL", () => {
  it("is a server with usual port and database, or with its own", () => {
    assert.deepStrictEqual(parsed("redis://cache"), {
      hosts: [{ host: "cache", port: 6379 }],
      tls: false,
      username: undefined,
      password: undefined,
      database: 0
    })
    assert.deepInclude(parsed("redis://[::1]:7000/3"), { hosts: [{ host: "::1", port: 7000 }], database: 3 })
    assert.deepInclude(parsed("REDISS://cache/"), { tls: true, database: 0 })
  })

  it("is a cluster when it names several hosts", () => {
    assert.deepInclude(parsed("rediss://a:1,b,[::1]:3"), {
      hosts: [
        { host: "a", port: 1 },
        { host: "b", port: 6379 },
        { host: "::1", port: 3 }
      ],
      tls: true
    })
  })

  it("has a password with any characters, which nothing prints", () => {
    const address = parsed("redis://app:hunter2%40%3A%2F:%25@a:1,b:2")
    assert.strictEqual(address.username, "app")
    assert.strictEqual(address.password && Redacted.value(address.password), "hunter2@:/:%")
    assert.notInclude(JSON.stringify(address), "hunter2")
    assert.strictEqual(parsed("redis://:hunter2@a").username, undefined)
  })

  it.each([
    "",
    "hunter2",
    "http://hunter2",
    "redis://",
    "redis://,hunter2",
    "redis://hunter2:0",
    "redis://hunter2:port",
    "redis://hunter2:70000",
    "redis://a b,hunter2",
    "redis://hunter2/zero",
    "redis://hunter2/0?tls=true",
    "redis://u:hunter2@@a",
    "redis://u:hunter2/x@a",
    "redis://u:%hunter2@a",
    "redis://hunter2@a",
    "redis://hunter2,b/1"
  ])("C5 refuses %j with what to do, and shows none of it", (text) => {
    const refused = Result.getOrElse(Result.flip(parse(text)), () => "")
    assert.notStrictEqual(refused, "")
    assert.notInclude(refused, "hunter2")
  })
})
