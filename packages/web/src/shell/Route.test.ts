import { assert, describe, it } from "vitest"
import { addressOf, INBOX, type Route, readRoute } from "./Route.ts"

const routes: ReadonlyArray<Route> = [
  INBOX,
  { list: { kind: "archived" }, conversationId: null, at: null },
  { list: { kind: "search", words: "" }, conversationId: null, at: null },
  { list: { kind: "search", words: "a & b=\u{1F600}?#/" }, conversationId: null, at: null },
  { list: { kind: "inbox" }, conversationId: "c-1", at: null },
  { list: { kind: "archived" }, conversationId: "c/1 %", at: 17 },
  { list: { kind: "search", words: "x" }, conversationId: "c-1", at: 0 }
]

describe("addresses", () => {
  it("are read as they were written", () => {
    for (const route of routes) assert.deepStrictEqual(readRoute(addressOf(route)), route, addressOf(route))
  })

  it("lead to the inbox when they make no sense", () => {
    for (const address of ["/nowhere", "/c/", "/c/%E0%A4%A", "/c/a/b"]) {
      assert.strictEqual(readRoute(address).conversationId, null, address)
    }
    assert.strictEqual(readRoute("/c/x?at=-1").at, null)
  })
})
