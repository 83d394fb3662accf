import { randomUUID } from "node:crypto"
import { IndelibleApi } from "@indelible/api/IndelibleApi"
import { assert, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { operationsRoutes } from "../../http/OperationsRoutes.ts"

const world = HttpWorld.forThisFile()

interface Guarded {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly body?: () => unknown
}

/** The same for requests whose answers are compared. */
const traceId = randomUUID()

const user = { name: "A", email: "a@b.c", role: "worker", status: "active" }

/** Every route that asks who asks, with a body that it would take. */
const guarded: ReadonlyArray<Guarded> = [
  { method: "POST", path: "/conversations", body: () => ({ applicationId: "nobody's" }) },
  { method: "GET", path: "/conversations" },
  { method: "GET", path: "/conversations/unread-count" },
  { method: "GET", path: "/conversations/search", query: "?q=hello" },
  { method: "GET", path: "/messages/search", query: "?q=hello" },
  { method: "GET", path: "/conversations/:id/messages/search", query: "?q=hello" },
  { method: "GET", path: "/conversations/:id" },
  { method: "GET", path: "/conversations/:id/unread-count" },
  { method: "GET", path: "/conversations/:id/messages" },
  {
    method: "POST",
    path: "/conversations/:id/messages",
    body: () => ({ type: "TEXT", clientMessageId: randomUUID(), text: "hi" })
  },
  { method: "PATCH", path: "/conversations/:id/archive" },
  { method: "PATCH", path: "/conversations/:id/reopen" },
  { method: "POST", path: "/conversations/:id/read" },
  { method: "PATCH", path: "/messages/:id/read" },
  { method: "GET", path: "/users/:id/presence" },
  { method: "PUT", path: "/directory/users/:id", body: () => user },
  {
    method: "PUT",
    path: "/directory/applications/:id",
    body: () => ({ business: "a", worker: "b", status: "open" })
  },
  { method: "POST", path: "/directory/users/:id/sign-out" },
  ...operationsRoutes
]

const isOperations = ({ path }: Guarded) => path.startsWith("/operations")
const isDirectory = ({ path }: Guarded) => path.startsWith("/directory")
const isOfAPerson = ({ path }: Guarded) => path.startsWith("/users")
const isOfOne = (route: Guarded) => route.path.includes(":id") && !isDirectory(route) && !isOfAPerson(route)

const unknownConversation = "6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f"

/** @param conversation whose id stands in the path */
const request = (by: HttpWorld.Asker, { body, method, path, query = "" }: Guarded, conversation: string) => {
  const id = path.startsWith("/messages") ? `${conversation}.2` : conversation
  const asked = path.replace(":id", path.startsWith("/directory") ? "someone" : id).replace(":name", "none")
  return by(method, `${asked}${query}`, body?.())
}

describe("who may do what", () => {
  it("the table below names every route but health's", () => {
    const contract = Object.values(IndelibleApi.groups).flatMap(({ endpoints }) =>
      Object.values(endpoints).map(({ method, path }) => `${method} ${path.replace(/\/$/, "")}`)
    )
    assert.sameMembers(
      contract.filter((route) => !route.includes("/health/")),
      guarded.map(({ method, path }) => `${method} ${path}`)
    )
  })

  it.each(guarded)("H1 $method $path without a token is the same 401 everywhere", async (route) => {
    const tokens: ReadonlyArray<Readonly<Record<string, string>>> = [
      {},
      { authorization: "Bearer " },
      { authorization: "Bearer x.y.z" },
      { authorization: "Basic dTpw" },
      { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0." }
    ]
    for (const headers of tokens) {
      const by: HttpWorld.Asker = (method, path, body) =>
        world().anyone(method, path, body, { headers: { ...headers, "x-correlation-id": traceId } })
      const answer = await request(by, route, unknownConversation)
      assert.strictEqual(answer.status, 401)
      assert.strictEqual(
        answer.text,
        `{"code":"unauthenticated","correlationId":"${traceId}","type":"/problems/unauthenticated","status":401,"title":"Sign in again"}`
      )
      assert.strictEqual(answer.headers.get("www-authenticate"), "Bearer")
    }
  })

  it("H1 a stranger's body is not even looked at", async () => {
    const answer = await world().anyone("POST", "/conversations", undefined, { raw: "[".repeat(50_000) })
    assert.strictEqual(answer.outcome, "401 unauthenticated")
  })

  it("H2 both people may do all in their conversation", async () => {
    const { business, id, say, worker } = await world().talk()
    await say(business, "hello")
    for (const route of guarded.filter(isOfOne)) {
      for (const by of [business, worker]) {
        const { outcome, status } = await request(by, route, id)
        assert.include([200, 201], status, `${route.method} ${route.path}: ${outcome}`)
      }
    }
  })

  it.each(guarded.filter(isOfOne))(
    "H2 $method $path tells a stranger what it tells of one that is not there",
    async (route) => {
      const { business, id, say } = await world().talk()
      await say(business, "hello")
      const { business: stranger } = await world().pair()
      const named: HttpWorld.Asker = (method, path, body) =>
        stranger(method, path, body, { headers: { "x-correlation-id": traceId } })
      const theirs = await request(named, route, id)
      const nobodys = await request(named, route, unknownConversation)
      assert.strictEqual(theirs.outcome, "404 conversation_not_found")
      assert.strictEqual(theirs.text, nobodys.text)
      const headers = ({ headers }: { readonly headers: Headers }) =>
        [...headers].filter(([name]) => name !== "date")
      assert.deepStrictEqual(headers(theirs), headers(nobodys))
    }
  )

  it("H2 the directory is for programs, operations for engineers, conversations for their people", async () => {
    const { business, id, worker } = await world().talk()
    await world().put("officer", { role: "compliance" })
    await world().put("engineer", { role: "engineer" })
    const officer = await world().as("officer")
    const engineer = await world().as("engineer")
    const platform = await world().as("platform", "service")
    for (const route of guarded) {
      const kept = isDirectory(route)
        ? [business, worker, officer, engineer]
        : isOperations(route)
          ? [business, worker, officer, platform]
          : [platform, officer, engineer]
      for (const by of kept) {
        assert.strictEqual(
          (await request(by, route, id)).outcome,
          "403 forbidden",
          `${route.method} ${route.path}`
        )
      }
    }
  })

  it("H2 refusals that show intent are logged with who and what, without content", async () => {
    const { id } = await world().talk()
    const { send, business } = await world().talk()
    await business("POST", `/conversations/${id}/messages`, {
      ...{ type: "TEXT", clientMessageId: randomUUID() },
      text: "a secret text"
    })
    await send(business, "another secret text")
    const line = world().logged.findLast((entry) => entry.includes('"status":404'))
    assert.include(line, '"level":"INFO"')
    assert.include(line, '"problem":"conversation_not_found"')
    assert.include(line, '"route":"/conversations/:id/messages"')
    assert.match(line ?? "", /"who":"[0-9a-f-]{36}"/)
    assert.notInclude(world().logged.join("\n"), "secret text")
  })

  it("suspended, signed out or gone: refused within 5 s; let in again: welcome at once", async () => {
    const { business, userIds } = await world().pair()
    const platform = await world().as("platform", "service")
    assert.strictEqual((await business("GET", "/conversations")).status, 200)
    const refusedWithin5s = async (by: HttpWorld.Asker) => {
      const until = Date.now() + 5_000
      while ((await by("GET", "/conversations")).status !== 401) {
        assert.isBelow(Date.now(), until, "still let in after 5 s")
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    await world().put(userIds.business, { role: "business", status: "suspended" })
    await refusedWithin5s(business)
    await world().put(userIds.business, { role: "business", status: "active" })
    assert.strictEqual((await business("GET", "/conversations")).status, 200)

    const signedOut = await platform("POST", `/directory/users/${userIds.business}/sign-out`)
    assert.strictEqual(signedOut.status, 204)
    await refusedWithin5s(business)
    const again = await world().as(userIds.business)
    assert.strictEqual((await again("GET", "/conversations")).status, 200)
  })

  it("somebody the directory does not know gets nowhere", async () => {
    const nobody = await world().as("nobody")
    assert.strictEqual((await nobody("GET", "/conversations")).outcome, "401 unauthenticated")
  })
})
