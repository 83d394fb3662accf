import { assert, it } from "@effect/vitest"
import { KeyVault } from "@indelible/application/keys/KeyVault"
import { tagOf } from "@indelible/application/store/StoredEvent"
import { BadCursor } from "@indelible/projections/engine/Cursor"
import { Inbox, type InboxView } from "@indelible/projections/inbox/Inbox"
import { inboxProjection } from "@indelible/projections/inbox/InboxProjection"
import { Clock, Effect, Option } from "effect"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { catchUpAll, layer } from "./ReadModelDatabase.ts"
import { stoppedAt } from "./StoppedClock.ts"
import * as Talk from "./Talk.ts"

const pageOf = Effect.fn(function* (
  { business }: Talk.Pair,
  view: InboxView = "active",
  limit = 50,
  cursor?: string
) {
  yield* catchUpAll
  return yield* (yield* Inbox).list({ subject: business, view, limit, cursor })
})
const idsOf = (page: Effect.Success<ReturnType<typeof pageOf>>) =>
  page.entries.map(({ conversationId }) => conversationId)

const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) =>
    Talk.pair(`${name} ${i}`, Talk.person(`business ${name}`), Talk.person(`worker ${name} ${i}`))
  )

for (const server of TestDatabase.whichServers()) {
  it.layer(layer(server), { excludeTestServices: true, timeout: "2 minutes" })(`Inbox (${server})`, (it) => {
    it.effect("shows either side the other one, the last message and what it reflects (list, detail)", () =>
      Effect.gen(function* () {
        const [pair] = many("shows", 1)
        if (pair === undefined) return
        const { events: begun } = yield* Talk.start(pair)
        yield* catchUpAll
        const inbox = yield* Inbox
        const empty = Option.getOrThrow(yield* inbox.one(pair.worker, pair.id))
        assert.deepStrictEqual(empty, {
          conversationId: pair.id,
          side: "worker",
          other: pair.business,
          status: "ACTIVE",
          pos: 1,
          tag: begun.map(({ stored }) => tagOf(stored)).join(),
          lastActivityAt: begun.map(({ stored }) => stored.header.recordedAt).join(),
          messageCount: 0,
          unread: 0,
          lastMessage: null
        })
        const { events: said } = yield* Talk.say(pair, "worker", "<b>hello</b> you")
        yield* catchUpAll
        const at = said.map(({ stored }) => stored.header.recordedAt).join()
        assert.deepStrictEqual(Option.getOrThrow(yield* inbox.one(pair.business, pair.id)), {
          ...empty,
          side: "business",
          other: pair.worker,
          pos: 2,
          tag: said.map(({ stored }) => tagOf(stored)).join(),
          lastActivityAt: at,
          messageCount: 1,
          unread: 1,
          lastMessage: { pos: 2, side: "worker", preview: "hello you", sentAt: at }
        })
        assert.isTrue(Option.isNone(yield* inbox.one(Talk.person("stranger"), pair.id)))
      })
    )

    it.effect("cuts previews on grapheme borders (REQ-MSG-003, T10)", () =>
      Effect.gen(function* () {
        const [pair] = many("graphemes", 1)
        if (pair === undefined) return
        yield* Talk.start(pair)
        yield* Talk.say(pair, "business", "👨‍👩‍👧‍👦".repeat(300))
        const [entry] = (yield* pageOf(pair)).entries
        assert.strictEqual(entry?.lastMessage?.preview, "👨‍👩‍👧‍👦".repeat(100))
      })
    )

    it.effect(
      "keeps archived conversations in a view of their own until a message re-opens them (REQ-MSG-001)",
      () =>
        Effect.gen(function* () {
          const [one, two, three] = many("status", 3)
          if (one === undefined || two === undefined || three === undefined) return
          for (const pair of [one, two, three]) yield* Talk.start(pair)
          yield* Talk.putAway(one, "worker")
          yield* Talk.putAwayByItself(two)
          assert.deepStrictEqual(idsOf(yield* pageOf(one)), [three.id])
          const archived = (yield* pageOf(one, "archived")).entries
          assert.sameDeepMembers(
            archived.map(({ conversationId, status }) => [conversationId, status]),
            [
              [one.id, "ARCHIVED"],
              [two.id, "AUTO_ARCHIVED"]
            ]
          )
          yield* Talk.say(one, "business", "again")
          yield* Talk.takeOut(two, "business")
          assert.deepStrictEqual(idsOf(yield* pageOf(one, "archived")), [])
          assert.sameMembers(idsOf(yield* pageOf(one)), [one.id, two.id, three.id])
        })
    )

    it.effect("changes of status, receipts and reading do not move a conversation up", () =>
      Effect.gen(function* () {
        const pairs = many("still", 3)
        const [first] = pairs
        if (first === undefined) return
        for (const pair of pairs) {
          yield* Talk.start(pair)
          yield* Talk.say(pair, "worker", "hello")
          yield* Effect.sleep(2)
        }
        const before = idsOf(yield* pageOf(first))
        assert.deepStrictEqual(before, pairs.map(({ id }) => id).reverse())
        yield* Talk.receive(first, "business")
        yield* Talk.putAway(first, "business")
        yield* Talk.takeOut(first, "worker")
        yield* Talk.read(first, "business")
        const page = yield* pageOf(first)
        assert.deepStrictEqual(idsOf(page), before)
        // Yet the row reflects them: a client that resumes from here is not told again.
        assert.strictEqual(page.entries.at(-1)?.pos, 6)
        yield* Talk.say(first, "business", "now")
        assert.strictEqual(idsOf(yield* pageOf(first))[0], first.id)
      })
    )

    it.effect(
      "pages without repeating or leaving out, also at one equal time and while messages arrive (S7)",
      () =>
        Effect.gen(function* () {
          const pairs = many("pages", 25)
          const [reader] = pairs
          if (reader === undefined) return
          const stopped = stoppedAt(yield* Clock.Clock, Date.UTC(2026, 5, 1))
          yield* Effect.provideService(Effect.forEach(pairs, Talk.start), Clock.Clock, stopped)
          const seen: Array<string> = []
          let page = yield* pageOf(reader, "active", 10)
          let late = 0
          while (true) {
            seen.push(...idsOf(page))
            if (page.next === null) break
            const fresh = Talk.pair(`late ${late++}`, reader.business, Talk.person("late"))
            yield* Talk.start(fresh)
            page = yield* pageOf(reader, "active", 10, page.next)
          }
          assert.strictEqual(late, 2)
          assert.strictEqual(seen.length, 25)
          assert.sameMembers(
            seen,
            pairs.map(({ id }) => id)
          )
        })
    )

    it.effect("refuses a cursor of another person or view (S6)", () =>
      Effect.gen(function* () {
        const pairs = many("cursors", 2)
        const [one] = pairs
        if (one === undefined) return
        yield* Effect.forEach(pairs, Talk.start)
        const { next } = yield* pageOf(one, "active", 1)
        assert.isString(next)
        const inbox = yield* Inbox
        for (const query of [
          { subject: one.worker, view: "active" as const },
          { subject: one.business, view: "archived" as const }
        ]) {
          const refused = yield* Effect.flip(inbox.list({ ...query, limit: 1, cursor: next ?? "" }))
          assert.deepStrictEqual(refused, new BadCursor())
        }
      })
    )

    it.effect("shows no preview of what is no longer retained", () =>
      Effect.gen(function* () {
        const [pair] = many("purged", 1)
        if (pair === undefined) return
        yield* Talk.start(pair)
        yield* Talk.say(pair, "worker", "private")
        yield* catchUpAll
        const vault = yield* KeyVault
        const { keyId } = yield* vault.keyFor(pair.worker, yield* Clock.currentTimeMillis)
        yield* inboxProjection.purge(keyId)("inbox")
        const [entry] = (yield* pageOf(pair)).entries
        assert.deepStrictEqual([entry?.lastMessage?.pos, entry?.lastMessage?.preview], [2, null])
      })
    )
  })
}
