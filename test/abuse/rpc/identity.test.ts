import { randomBytes } from "node:crypto"
import { ConversationView } from "@indelible/api/conversation/ConversationView"
import { Schema } from "effect"
import { SignJWT } from "jose"
import { assert, beforeAll, describe, it } from "vitest"
import * as HttpWorld from "../../http/HttpWorld.ts"
import type { SocketOptions } from "../../realtime/JsonSocket.ts"
import { outcomeOf, type RpcMessage, RpcSocket, readAnswer } from "../../rpc/RpcSocket.ts"

const secret = randomBytes(48).toString("base64")
const world = HttpWorld.forThisFile({
  JWT_SECRET: secret,
  JWT_ISSUER: "https://id.example.com",
  JWT_AUDIENCE: "indelible"
})

/** With fractions of seconds, so that no test waits for the next full one. */
const tokenOf = (userId: string, seconds = 3_600, claims: Record<string, string> = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setSubject(userId)
    .setIssuer("https://id.example.com")
    .setAudience("indelible")
    .setIssuedAt(Date.now() / 1_000)
    .setExpirationTime(Date.now() / 1_000 + seconds)
    .sign(new TextEncoder().encode(secret))

const open = async (options: SocketOptions = {}) => {
  const socket = new RpcSocket(world().port, options)
  await socket.opened
  return socket
}

const connect = async (userId: string) => open({ token: await tokenOf(userId) })

let platform: RpcSocket

const put = async (id: string, details: Record<string, string> = {}) => {
  const user = { id, name: id, email: `${id}@example.com`, role: "worker", status: "active", ...details }
  assert.strictEqual(await platform.outcome("PutUser", user), "ok")
}

const resultOf = <A>(schema: Schema.Codec<A, unknown>, message: RpcMessage): A =>
  Schema.decodeUnknownSync(schema)("result" in message ? message.result : undefined)

const Who = Schema.Struct({ userId: Schema.String, role: Schema.String, expiresAt: Schema.String })

beforeAll(async () => {
  platform = await open({ token: await tokenOf("platform", 3_600, { role: "service" }) })
  await put("ada", { role: "business" })
  await put("wanda")
})

const closeOf = async (socket: RpcSocket) => (await socket.closed).code

describe("whose connection it is", () => {
  it("W1 W2 J1 refuses foreign pages and bad tokens as plain HTTP, before it is a connection", async () => {
    const refused = (options: SocketOptions) => new RpcSocket(world().port, options).refused
    const token = await tokenOf("ada")
    assert.strictEqual(await refused({ token, origin: "https://evil.test" }), 403)
    assert.strictEqual(await refused({ token, origin: "null" }), 403)
    assert.strictEqual(await refused({ path: `/rpc/ws?token=${token}` }), 401)
    assert.strictEqual(await refused({ token: "a.b.c" }), 401)
    assert.strictEqual(await refused({ token: await tokenOf("nobody") }), 401)
    assert.strictEqual(await refused({ token, path: "/rpc/other" }), 404)
  })

  it.concurrent("W3 closes who does not sign in within 5 s, and lets them do nothing before", async () => {
    const silent = await open()
    const begun = performance.now()
    assert.strictEqual(await silent.outcome("WhoAmI"), "unauthenticated")
    silent.signal("Ping")
    await silent.until("pong", () => silent.received.find((message) => "method" in message))
    assert.strictEqual(await closeOf(silent), 4401)
    const took = performance.now() - begun
    assert.isTrue(took > 4_000 && took < 8_000, `${took} ms`)
  })

  it("W2 lets in by Authenticate, closes at the first bad token, and belongs to one person", async () => {
    const [token, other] = [await tokenOf("ada"), await tokenOf("wanda")]
    const socket = await open()
    const signedIn = await socket.call("Authenticate", { token })
    assert.deepInclude(resultOf(Who, signedIn), { userId: "ada", role: "business" })
    assert.strictEqual(await socket.outcome("Authenticate", { token: other }), "forbidden")
    assert.strictEqual(await socket.outcome("Authenticate", { token: "a.b.c" }), "unauthenticated")
    assert.strictEqual(resultOf(Who, await socket.call("WhoAmI")).userId, "ada")

    for (const bad of [`${token}x`, "", await tokenOf("nobody")]) {
      const guesser = await open()
      assert.strictEqual(await guesser.outcome("Authenticate", { token: bad }), "unauthenticated")
      assert.strictEqual(await closeOf(guesser), 4401)
    }
  })

  it.concurrent("W4 ends with the token, unless a newer one came, and with it what is streamed", async () => {
    // Tokens are tolerated for 20 s after their time, so these two have about 3 s left.
    const short = () => tokenOf("wanda", -17)
    const [ending, renewed] = [await open({ token: await short() }), await open({ token: await short() })]
    for (const socket of [ending, renewed]) {
      socket.post("Follow", {}, "stream")
      await socket.until("the stream", () => socket.received.find((message) => "chunk" in message))
    }
    const answer = await renewed.call("Authenticate", { token: await tokenOf("wanda") })
    assert.isAbove(Date.parse(resultOf(Who, answer).expiresAt), Date.now() + 1_000_000)
    assert.strictEqual(await closeOf(ending), 4401)
    assert.strictEqual(resultOf(Who, await renewed.call("WhoAmI")).userId, "wanda")
    assert.isUndefined(
      renewed.received.find((message) => "id" in message && message.id === "stream" && !("chunk" in message))
    )
  })

  it.concurrent("W4 J8 closes every connection of who is suspended within 5 s, and refuses their calls", async () => {
    await put("sue")
    const sockets = [await connect("sue"), await connect("sue")]
    const begun = performance.now()
    await put("sue", { status: "suspended" })
    for (const socket of sockets) assert.strictEqual(await closeOf(socket), 4401)
    const headers = { authorization: `Bearer ${await tokenOf("sue")}` }
    const call = { jsonrpc: "2.0", id: 1, method: "WhoAmI" }
    const outcome = async () =>
      outcomeOf(readAnswer((await world().anyone("POST", "/rpc", call, { headers })).json))
    while ((await outcome()) !== "unauthenticated") assert.isBelow(performance.now() - begun, 5_000)
  })

  it("W13 has room for 50 connections of one person, and closes the newest beyond", async () => {
    await put("max")
    const token = await tokenOf("max")
    const sockets = await Promise.all(Array.from({ length: 50 }, () => open({ token })))
    assert.strictEqual(await closeOf(await open({ token })), 4413)
    const waiting = await open()
    assert.strictEqual(await waiting.outcome("Authenticate", { token }), "too_many_sockets")
    assert.strictEqual(await closeOf(waiting), 4413)
    const [first] = sockets
    first?.socket.close()
    if (first !== undefined) await closeOf(first)
    assert.strictEqual(await (await connect("max")).outcome("WhoAmI"), "ok")
    for (const { socket } of sockets) socket.close()
  })

  it("R11 answers 200 users at once, over both transports, each as themselves", async () => {
    const pairs = Array.from({ length: 100 }, (_, n) => ({ business: `b${n}`, worker: `w${n}`, id: `a${n}` }))
    await Promise.all(
      pairs.flatMap(({ business, worker }) => [put(business, { role: "business" }), put(worker)])
    )
    await Promise.all(pairs.map((pair) => platform.call("PutApplication", { ...pair, status: "open" })))

    const overHttp = async (userId: string) => {
      const headers = { authorization: `Bearer ${await tokenOf(userId)}` }
      return async (method: string, params: unknown) => {
        const call = { jsonrpc: "2.0", id: userId, method, params }
        return readAnswer((await world().anyone("POST", "/rpc", call, { headers })).json)
      }
    }
    const overWebSocket = async (userId: string) => {
      const socket = await connect(userId)
      return (method: string, params: unknown) => socket.call(method, params)
    }
    const Started = Schema.Struct({ conversation: ConversationView })
    const Sent = Schema.Struct({ clientMessageId: Schema.String, conversationId: Schema.String })
    const users = await Promise.all(
      pairs.map(async ({ business, id, worker }) => {
        const [b, w] = [await overWebSocket(business), await overHttp(worker)]
        const { conversation } = resultOf(Started, await b("StartConversation", { applicationId: id }))
        return [
          { call: b, userId: business, conversationId: conversation.id },
          { call: w, userId: worker, conversationId: conversation.id }
        ]
      })
    )

    const until = performance.now() + 2_000
    let answers = 0
    await Promise.all(
      users.flat().map(async ({ call, conversationId, userId }) => {
        do {
          const clientMessageId = crypto.randomUUID()
          const [who, sent] = await Promise.all([
            call("WhoAmI", {}),
            call("SendMessage", { conversationId, clientMessageId, text: userId })
          ])
          assert.strictEqual(resultOf(Who, who).userId, userId)
          assert.deepStrictEqual(resultOf(Sent, sent), { clientMessageId, conversationId })
          answers += 2
        } while (performance.now() < until)
      })
    )
    assert.isAtLeast(answers, 400)
    for (const { call, conversationId, userId } of users.flat().slice(0, 20)) {
      const page = await call("ListMessages", { conversationId, limit: 100 })
      const { messages } = resultOf(
        Schema.Struct({
          messages: Schema.Array(Schema.Struct({ mine: Schema.Boolean, text: Schema.String }))
        }),
        page
      )
      for (const { mine, text } of messages) assert.strictEqual(text === userId, mine)
    }
  })
})
