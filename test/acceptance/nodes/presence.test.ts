import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { PresenceView } from "@indelible/api/people/PresenceView"
import { Effect, Redacted } from "effect"
import { ask } from "../../http/Ask.ts"
import { connect } from "../../nodes/Conversing.ts"
import * as Installation from "../../nodes/Installation.ts"
import * as NodeProcess from "../../nodes/NodeProcess.ts"
import { assertFrame } from "../../realtime/AssertFrame.ts"
import type { TestSocket } from "../../realtime/TestSocket.ts"
import { redisPrograms } from "../../servers/RedisPrograms.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import * as TestRedis from "../../servers/TestRedis.ts"

const brief = join(import.meta.dirname, "../../nodes/BriefNode.ts")
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)

/** Two people, each on a node of their own, with their conversation open. */
const acrossNodes = Effect.gen(function* () {
  const redis = yield* TestRedis.start("single")
  const installation = yield* Installation.make(yield* TestDatabase.make("embedded"))
  const node = (name: string) =>
    Effect.flatMap(installation.variablesOf(name, Redacted.value(redis)), (variables) =>
      NodeProcess.start({ ...variables, ROLES: "edge" }, brief)
    )
  const [a, b] = yield* Effect.all([node("a"), node("b")], { concurrency: 2 })
  const { business, conversation, worker } = yield* installation.pair(a.origin)
  const socketOf = Effect.fnUntraced(function* (userId: string, port: number) {
    return yield* connect(port, yield* installation.tokenOf(userId))
  })
  const open = (socket: TestSocket) =>
    promise(() => socket.ask({ type: "join_conversation", conversationId: conversation }))
  return { a, b, business, conversation, open, socketOf, tokenOf: installation.tokenOf, worker }
})

const typingOn = (socket: TestSocket) => socket.of("user_typing").map(({ typing }) => typing)

describe.skipIf(redisPrograms === undefined)("presence across two nodes", () => {
  it.live("3.8 4.1 4.2 W13 F33 one sees the other come, type, and vanish with the node they were on", () =>
    Effect.gen(function* () {
      const { a, b, business, conversation, open, socketOf, tokenOf, worker } = yield* acrossNodes
      const wanda = yield* socketOf(worker, b.port)
      assertFrame(yield* open(wanda), { other: { userId: business, online: false, lastSeenAt: null } })
      const acme = yield* socketOf(business, a.port)
      yield* promise(() => wanda.frame(({ type }) => type === "user_online"))
      assertFrame(yield* open(acme), { other: { userId: worker, online: true, lastSeenAt: null } })

      const begun = performance.now()
      acme.post({ type: "typing_start", conversationId: conversation })
      yield* promise(() => wanda.when(() => typingOn(wanda).length === 1))
      assert.isBelow(performance.now() - begun, 500)
      acme.post({ type: "typing_stop", conversationId: conversation })
      yield* promise(() => wanda.when(() => typingOn(wanda).length === 2))
      assert.deepStrictEqual(typingOn(wanda), [true, false])

      // As many as one may have, and one too many on the node that has none of them.
      yield* Effect.forEach(Array.from({ length: 49 }), () => socketOf(business, a.port), { concurrency: 10 })
      const tooMany = yield* socketOf(business, b.port)
      assert.strictEqual((yield* promise(() => tooMany.closed)).code, 4413)
      yield* promise(() => acme.settled())

      const headers = { authorization: `Bearer ${yield* tokenOf(worker)}` }
      const asked = Effect.map(
        promise(() => ask(b.origin, "GET", `/users/${business}/presence`, undefined, { headers })),
        (answer) => answer.as(PresenceView)
      )
      assert.deepStrictEqual(yield* asked, { online: true, lastSeenAt: null })

      acme.post({ type: "typing_start", conversationId: conversation })
      yield* promise(() => wanda.when(() => typingOn(wanda).length === 3))
      const [killed, killedAt] = [performance.now(), Date.now()]
      yield* a.kill9
      yield* promise(() => wanda.when(() => typingOn(wanda).length === 4))
      assert.isBelow(performance.now() - killed, 4_000)
      assert.deepStrictEqual(typingOn(wanda), [true, false, true, false])
      const offline = yield* promise(() => wanda.frame(({ type }) => type === "user_offline"))
      const lastSeenAt = offline.type === "user_offline" ? offline.lastSeenAt : null
      assertFrame(offline, { userId: business })
      // When the node last said that it is alive.
      assert.isAtMost(Math.abs(Date.parse(lastSeenAt ?? "") - killedAt), 1_000)
      assert.deepStrictEqual(yield* asked, { online: false, lastSeenAt })
    }).pipe(Effect.scoped)
  )
})
