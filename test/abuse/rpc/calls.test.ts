import { connectedRpcs, indelibleRpcs } from "@indelible/api/rpc/IndelibleRpcs"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import { onDatabase } from "../../http/DatabaseOf.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { type Method, rpcPayloads } from "../../rpc/RpcPayloads.ts"
import { errorIn, outcomeOf, problemIn, RpcSocket, readAnswer } from "../../rpc/RpcSocket.ts"

const world = HttpWorld.forThisFile()

const nobodys = ConversationId.make("6f1ce5d1-3a0b-8c4d-9e2f-0a1b2c3d4e5f")

const connect = async (userId: string, role?: "service") => {
  const socket = new RpcSocket(world().port, { token: await world().signIn(userId, role) })
  await socket.opened
  return socket
}

const overHttp = async (
  token: string | undefined,
  call: unknown,
  correlationId: string = crypto.randomUUID()
) => {
  const headers = {
    "x-correlation-id": correlationId,
    ...(token !== undefined && { authorization: `Bearer ${token}` })
  }
  const { json, status } = await world().anyone("POST", "/rpc", call, { headers })
  assert.strictEqual(status, 200)
  return readAnswer(json)
}

const request = (method: string, params?: unknown) => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  ...(params !== undefined && { params })
})

/** Of every JSON type, and some that are none of the contract's. */
const values: ReadonlyArray<unknown> = [null, true, 1.5, -1, "\u0000", [{}], { a: { b: 1 } }]

/** Every field of every method, with the values that its own schema refuses. */
const wrongly = Array.from(connectedRpcs.requests.values()).flatMap((rpc) => {
  const fields: ReadonlyArray<readonly [string, Schema.Top]> =
    "fields" in rpc.payloadSchema ? Object.entries(rpc.payloadSchema.fields) : []
  return fields.map(([field, schema]) => {
    const takes = Schema.is(schema)
    return { method: rpc._tag, field, wrong: values.filter((value) => !takes(value)) }
  })
})

describe("calls that nobody should make", () => {
  it("the samples are what their methods take", () => {
    const samples = rpcPayloads(nobodys)
    for (const { _tag, payloadSchema } of connectedRpcs.requests.values()) {
      assert.isTrue(Schema.is(payloadSchema)(samples[_tag]), _tag)
    }
  })

  it("R1 a method that is not there fails alone, whatever it is called", async () => {
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    const socket = await connect(userIds.business)
    for (const method of ["Nothing", "", "__proto__", "constructor", "toString", "whoami"]) {
      assert.strictEqual(outcomeOf(await overHttp(token, request(method))), "unknown_method", method)
      const answer = await socket.call(method, {})
      assert.strictEqual(outcomeOf(answer), "unknown_method", method)
      if ("error" in answer) assert.strictEqual(answer.error.code, -32601)
    }
    const long = "endless".repeat(8_000)
    assert.strictEqual(await socket.outcome(long), "unknown_method")
    assert.isFalse(world().logged.some((line) => line.includes("endless")))
    for (const method of ["Authenticate", "Follow"]) {
      assert.strictEqual(outcomeOf(await overHttp(token, request(method, {}))), "unknown_method", method)
    }
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
  })

  it("R2 H5 names the field of every wrong value, of every method, and does nothing", async () => {
    const { userIds } = await world().pair()
    const socket = await connect(userIds.business)
    assert.isAbove(wrongly.length, 60)
    for (const { field, method, wrong } of wrongly) {
      assert.isNotEmpty(wrong, `${method} ${field}`)
      if (method === "Follow") continue
      const answers = await Promise.all(wrong.map((value) => socket.call(method, { [field]: value })))
      for (const [n, answer] of answers.entries()) {
        const what = `${method} ${field} ${JSON.stringify(wrong[n])}`
        assert.strictEqual(outcomeOf(answer), "invalid_request", what)
        const { errors = [] } = problemIn(answer)
        assert.isTrue(
          errors.some(({ path }) => path[0] === field),
          what
        )
        assert.notMatch(JSON.stringify(answer), /effect|Schema|node_modules|\.ts:|Error:/, what)
      }
    }
    for (const { _tag: method } of connectedRpcs.requests.values()) {
      const answer = await socket.call(method, { ...rpcPayloads(nobodys)[method], senderId: "wanda" })
      assert.strictEqual(outcomeOf(answer), "invalid_request", method)
      const { errors = [] } = problemIn(answer)
      assert.deepStrictEqual(
        errors.map(({ path }) => path),
        [["senderId"]],
        method
      )
    }
    socket.raw(`{"jsonrpc":"2.0","id":"p","method":"WhoAmI","params":{"__proto__":{"a":1}}}`)
    assert.strictEqual(outcomeOf(await socket.answer("p")), "invalid_request")
    assert.notProperty({}, "a")
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
  })

  it("R8 takes no number that JSON cannot carry, for any position", async () => {
    const { userIds } = await world().pair()
    const socket = await connect(userIds.business)
    const places = [
      ["MarkRead", "upTo"],
      ["MarkDelivered", "upTo"],
      ["ListMessages", "before"],
      ["ListMessages", "after"],
      ["ListMessages", "around"],
      ["ListMessages", "limit"],
      ["ArchiveConversation", "basedOn"],
      ["ReadEvents", "after"],
      ["ReadEvents", "slice"]
    ] as const
    for (const [method, field] of places) {
      for (const number of ["9007199254740993", "-0", "1e400", '"12"', "1e15", "0.5"]) {
        const id = `${method} ${field} ${number}`.replaceAll('"', "'")
        socket.raw(`{"jsonrpc":"2.0","id":"${id}","method":"${method}","params":{"${field}":${number}}}`)
        const answer = await socket.answer(id)
        assert.strictEqual(outcomeOf(answer), "invalid_request", id)
        const { errors = [] } = problemIn(answer)
        assert.isTrue(
          errors.some(({ path }) => path[0] === field),
          id
        )
      }
    }
    const unread = await socket.call("CountUnread", { conversationId: nobodys, position: "abcd" })
    assert.strictEqual(outcomeOf(unread), "invalid_request")
    const cursor = `{"conversationId":"${nobodys}","pos":-0}`
    socket.raw(`{"jsonrpc":"2.0","id":"f","method":"Follow","params":{"conversations":[${cursor}]}}`)
    assert.strictEqual(outcomeOf(await socket.answer("f")), "invalid_request")
  })

  it("H1 without a token every method answers the same, and nothing of its call is looked at", async () => {
    const socket = new RpcSocket(world().port)
    await socket.opened
    for (const [method, params] of Object.entries(rpcPayloads(nobodys))) {
      if (method === "Authenticate") continue
      const id = crypto.randomUUID()
      const answers = await Promise.all([
        overHttp(undefined, request(method, params), id),
        overHttp("a.b.c", request(method, params), id),
        overHttp(undefined, request("Nothing"), id),
        overHttp(undefined, request(method, { limit: "x" }), id)
      ])
      assert.strictEqual(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1, method)
      assert.strictEqual(outcomeOf(await socket.call(method, params)), "unauthenticated", method)
    }
  })

  it("H2 R9 each method is for its own, and refusals are logged with who and what", async () => {
    const { userIds } = await world().talk()
    await world().put("officer", { role: "compliance" })
    await world().put("engineer", { role: "engineer" })
    const tokens = {
      person: await world().signIn(userIds.business),
      service: await world().signIn("platform", "service"),
      engineer: await world().signIn("engineer"),
      compliance: await world().signIn("officer")
    }
    const own = (method: string): ReadonlyArray<string> => {
      if (method === "WhoAmI") return Object.keys(tokens)
      if (/^(Put|SignOut)/.test(method)) return ["service"]
      return /Projection|Build|Parked|ReadEvents/.test(method) ? ["engineer"] : ["person"]
    }
    for (const { _tag: method } of indelibleRpcs.requests.values()) {
      for (const [who, token] of Object.entries(tokens)) {
        const outcome = outcomeOf(await overHttp(token, request(method, rpcPayloads(nobodys)[method])))
        assert.strictEqual(outcome === "forbidden", !own(method).includes(who), `${method} by ${who}`)
      }
    }
    const told = world().logged.filter((entry) => entry.includes('"problem":"forbidden"'))
    assert.isTrue(
      told.some((entry) => /"method":"RebuildProjection"/.test(entry) && /"who":"[0-9a-f-]{36}"/.test(entry))
    )
    for (const entry of told) assert.include(entry, '"level":"INFO"')
  })

  it("H2 a stranger is told of a conversation what is told of none, as over REST", async () => {
    const { id } = await world().talk()
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    const stranger = await world().as(userIds.business)
    const correlationId = crypto.randomUUID()
    const about: ReadonlyArray<Method> = [
      "DescribeConversation",
      "CountUnread",
      "ArchiveConversation",
      "ReopenConversation",
      "SendMessage",
      "ListMessages",
      "MarkRead",
      "MarkDelivered",
      "SearchMessages"
    ]
    const rest = await stranger("GET", `/conversations/${id}`, undefined, {
      headers: { "x-correlation-id": correlationId }
    })
    for (const method of about) {
      const theirs = await overHttp(token, request(method, rpcPayloads(id)[method]), correlationId)
      const none = await overHttp(token, request(method, rpcPayloads(nobodys)[method]), correlationId)
      assert.deepStrictEqual(theirs, none, method)
      assert.deepStrictEqual(errorIn(theirs), rest.json, method)
    }
  })

  it("R10 a call that fails on a defect fails alone, and says nothing of it", async () => {
    const { business, id, readAfter, say, userIds } = await world().talk()
    const { token: position } = await say(business, "hello")
    while ((await readAfter(business, position, "/conversations")).status !== 200);
    const socket = await connect(userIds.business)
    // A row that no longer decodes is a bug, wherever it comes from.
    await onDatabase(
      world().database,
      (sql) => sql`UPDATE inbox.conversation SET status = 'BROKEN' WHERE conversation_id = ${id}`
    )
    const [broken, ...others] = await Promise.all([
      socket.call("ListConversations", { status: "archived" }),
      socket.call("WhoAmI"),
      socket.call("DescribeConversation", { conversationId: id })
    ])
    assert.strictEqual(outcomeOf(broken), "internal_error")
    assert.notMatch(JSON.stringify(broken), /BROKEN|Schema|ACTIVE|node_modules|\.ts/)
    assert.deepStrictEqual(others.map(outcomeOf), ["ok", "ok"])
    const token = await world().signIn(userIds.business)
    assert.strictEqual(
      outcomeOf(await overHttp(token, request("ListConversations", { status: "archived" }))),
      "internal_error"
    )
    const { correlationId } = problemIn(broken)
    const logged = world().logged.filter((entry) => entry.includes(correlationId))
    assert.isTrue(logged.some((entry) => entry.includes("a call failed on a defect")))
    assert.strictEqual(await socket.outcome("WhoAmI"), "ok")
  })

  it("T5 R7 H6 H7 what is no call is refused before it is anything", async () => {
    const { userIds } = await world().pair()
    const token = await world().signIn(userIds.business)
    const headers = { authorization: `Bearer ${token}` }
    const outcomes = [
      ["{", "400 malformed_body"],
      ["[".repeat(50_000), "400 malformed_body"],
      [new Uint8Array([0x22, 0xc3, 0x28, 0x22]), "400 malformed_body"],
      ["x".repeat(20_000_000), "413 body_too_large"]
    ] as const
    for (const [raw, expected] of outcomes) {
      const answer = await world().anyone("POST", "/rpc", undefined, { raw, headers })
      assert.strictEqual(answer.outcome, expected)
    }
    const plain = { ...headers, "content-type": "text/plain" }
    const text = await world().anyone("POST", "/rpc", request("WhoAmI"), { headers: plain })
    assert.strictEqual(text.outcome, "415 unsupported_media_type")
    for (const call of [
      {},
      [],
      [request("WhoAmI")],
      null,
      "WhoAmI",
      { jsonrpc: "2.0", method: "WhoAmI" },
      { ...request("WhoAmI"), jsonrpc: "1.0" },
      { ...request("WhoAmI"), id: null },
      { ...request("WhoAmI"), id: { a: 1 } },
      { ...request("WhoAmI"), id: "x".repeat(65) },
      { jsonrpc: "2.0", method: "@effect/rpc/Ping" },
      { jsonrpc: "2.0", method: "@effect/rpc/Request", params: { requestId: 1 } }
    ]) {
      assert.strictEqual(outcomeOf(await overHttp(token, call)), "invalid_request", JSON.stringify(call))
    }
    assert.strictEqual((await world().anyone("GET", "/rpc")).outcome, "405 method_not_allowed")
  })
})
