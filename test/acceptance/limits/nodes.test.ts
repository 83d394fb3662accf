import { randomBytes } from "node:crypto"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { parseExposition } from "../../http/Exposition.ts"
import * as HttpWorld from "../../http/HttpWorld.ts"
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
  const one = HttpWorld.forThisFile(() => ({ ...shared, REDIS_URL: Redacted.value(redisHere().url) }))
  const other = HttpWorld.forThisFile(() => ({
    ...shared,
    REDIS_URL: Redacted.value(redisHere().url),
    DATABASE_URL: Redacted.value(one().database),
    NODE_NAME: "other"
  }))

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

  it("F17: while Redis is gone no message fails for it, and each node accepts as many as one may", async () => {
    await Effect.runPromise(redisHere().kill9)
    assert.deepStrictEqual(await burst(2), { accepted: 40, refused: 40 })
    assert.isAtLeast(await fallbacks(), 80)
  })
})
