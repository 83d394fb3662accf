import { randomBytes } from "node:crypto"
import { PresenceView } from "@indelible/api/people/PresenceView"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { parseExposition } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"
import { RpcSocket } from "../../rpc/RpcSocket.ts"
import { redisPrograms } from "../../servers/RedisPrograms.ts"
import * as RedisServer from "../../servers/RedisServer.ts"
import { callsBy, connect, hangUp, sendBy, sendByCall, sendOn } from "./Sending.ts"

const scope = Scope.makeUnsafe()
let redis: RedisServer.RedisServer | undefined
const redisHere = () => redis ?? assert.fail("Redis has not been started")

describe.skipIf(redisPrograms === undefined)("NFR-MSG-SEC-003: limits on two nodes with one Redis", () => {
  beforeAll(async () => {
    redis = await Effect.runPromise(Scope.provide(RedisServer.make(), scope))
    await Effect.runPromise(redis.start)
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  const shared = { MASTER_KEY: randomBytes(32).toString("hex"), LIMIT_MESSAGES: "20" }
  const narrow = { maxConnectionsPerUser: 6 }
  const one = HttpWorld.forThisFile(
    () => ({ ...shared, REDIS_URL: Redacted.value(redisHere().url) }),
    narrow,
    narrow
  )
  const other = HttpWorld.forThisFile(
    () => ({
      ...shared,
      REDIS_URL: Redacted.value(redisHere().url),
      DATABASE_URL: Redacted.value(one().database),
      NODE_NAME: "other"
    }),
    narrow,
    narrow
  )

  /** An RPC connection on which this person is signed in. */
  const dial = async (node: HttpWorld.HttpWorld, userId: string) => {
    const connection = new RpcSocket(node.port, { token: await node.signIn(userId) })
    await connection.opened
    assert.strictEqual(await connection.outcome("WhoAmI"), "ok")
    return connection
  }

  /** How often a node had to go by what it saw itself; both are in one process, and so count together. */
  const fallbacks = async () => {
    const { text } = await one().anyone("GET", "/metrics")
    const samples = parseExposition(text).get("indelible_limit_fallbacks_total")?.samples ?? []
    return samples.reduce((sum, { value }) => sum + value, 0)
  }

  /** As one person, so many times at once to each node: 11 messages over HTTP, 5 by calls and 4 over a socket. */
  const burst = async (times: number) => {
    const { id, userIds } = await one().talk()
    const outcomes = [one(), other()].map(async (node) => {
      const asker = await node.as(userIds.business)
      const sockets = await connect(node, userIds.business, times)
      const asked = Array.from({ length: 11 * times }, async () => (await sendBy(asker, id, "hi")).outcome)
      const called = Array.from({ length: 5 * times }, () => sendByCall(callsBy(asker), id, "hi"))
      const posted = sockets.flatMap((socket) =>
        Array.from({ length: 4 }, async () => {
          const frame = await sendOn(socket, id, "hi")
          return frame.type === "error" ? frame.code : frame.type
        })
      )
      const all = await Promise.all([...asked, ...called, ...posted])
      hangUp(sockets)
      return all
    })
    const all = (await Promise.all(outcomes)).flat()
    const count = (...these: ReadonlyArray<string>) => all.filter((each) => these.includes(each)).length
    return {
      accepted: count("201", "200", "ok", "message_sent"),
      refused: count("429 rate_limited", "rate_limited")
    }
  }

  it("H16: of twice as many messages as may be, at once over HTTP, RPC and WebSocket of both, exactly half are accepted", async () => {
    for (let attempt = 1; ; attempt++) {
      const before = await fallbacks()
      const outcome = await burst(1)
      // On a busy machine Redis may not answer in time, and each node goes by what it saw itself.
      if ((await fallbacks()) > before && attempt < 5) continue
      assert.deepStrictEqual(outcome, { accepted: 20, refused: 20 })
      return
    }
  })

  it("H16 W13: connections of one person, of both interfaces and on both nodes, are counted as one, and the newest is too many", async () => {
    const { worker } = (await one().pair()).userIds
    const sockets = [...(await connect(one(), worker, 2)), ...(await connect(other(), worker, 1))]
    const [first, second] = [await dial(one(), worker), await dial(other(), worker)]
    const leaving = await dial(other(), worker)
    const closeOf = async ({ closed }: Pick<RpcSocket, "closed">) => (await closed).code
    for (const node of [one(), other()]) {
      const token = await node.signIn(worker)
      assert.strictEqual(await closeOf(new TestSocket(node.port, { token })), 4413)
      assert.strictEqual(await closeOf(new RpcSocket(node.port, { token })), 4413)
    }

    leaving.socket.close()
    await leaving.closed
    sockets.push(...(await connect(other(), worker, 1)))
    const token = await one().signIn(worker)
    assert.strictEqual(await closeOf(new RpcSocket(one().port, { token })), 4413)
    for (const socket of sockets) await socket.settled()
    for (const connection of [first, second]) assert.strictEqual(await connection.outcome("WhoAmI"), "ok")
    hangUp([...sockets, first, second])
  })

  it("4.2: who only makes calls is offline on both nodes, and online with a stream", async () => {
    const { business, userIds } = await one().talk()
    const caller = await dial(other(), userIds.worker)
    const isOnline = async () =>
      (await business("GET", `/users/${userIds.worker}/presence`)).as(PresenceView).online
    assert.isFalse(await isOnline())
    caller.post("Follow", {})
    const asked = performance.now()
    while (!(await isOnline())) assert.isBelow(performance.now() - asked, 5_000)
    hangUp([caller])
  })

  it("F17: while Redis is gone no message fails for it, and each node accepts as many as one may", async () => {
    await Effect.runPromise(redisHere().kill9)
    assert.deepStrictEqual(await burst(2), { accepted: 40, refused: 40 })
    assert.isAtLeast(await fallbacks(), 80)
  })
})
