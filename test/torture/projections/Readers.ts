import { assert } from "@effect/vitest"
import type { SubjectId } from "@indelible/domain/subject/SubjectId"
import { History } from "@indelible/projections/history/History"
import { Inbox } from "@indelible/projections/inbox/Inbox"
import { MessageSearch } from "@indelible/projections/search/MessageSearch"
import { Unread } from "@indelible/projections/unread/Unread"
import { Effect } from "effect"
import type * as Talk from "../../contract/projections/Talk.ts"

export interface Seen {
  looks: number
  /** Milliseconds, in the order of the looks. */
  readonly latencies: Array<number>
  /** Changes that were seen at all: a run that saw none has shown nothing. */
  steps: number
}

/**
 * Somebody who looks every 20 ms, as clients do: no list ever lacks what it had, and no position falls. `business` is in
 * all of the conversations; of `silent`, who never reads, the unread count only rises.
 */
export const look = Effect.fn("Readers.look")(function* (
  pairs: ReadonlyArray<Talk.Pair>,
  business: SubjectId,
  silent: SubjectId,
  seen: Seen
) {
  const [inbox, history, unread, search] = [yield* Inbox, yield* History, yield* Unread, yield* MessageSearch]
  const positions = new Map<string, number>()
  const counts = new Map<string, number>()
  const reflected = new Map<string, number>()
  const found = new Map<string, number>()
  const lastMessages = new Map<string, number>()
  let total = 0
  const rises = (map: Map<string, number>, key: string, value: number, what: string) => {
    const before = map.get(key) ?? 0
    assert.isAtLeast(value, before, `${what} of ${key}`)
    if (value > before) seen.steps += 1
    map.set(key, value)
  }
  for (;;) {
    const began = performance.now()
    const { entries } = yield* inbox.list({ subject: business, view: "active", limit: 100 })
    assert.strictEqual(entries.length, pairs.length, "entries")
    for (const { conversationId, lastMessage, messageCount, pos, unread: count } of entries) {
      rises(positions, conversationId, pos, "position")
      rises(counts, conversationId, messageCount, "messages")
      assert.isAtMost(count, messageCount)
      assert.isNotNull(lastMessage)
    }
    const pair = pairs[seen.looks % pairs.length]
    if (pair === undefined) return assert.fail("no pair")
    const page = yield* history.page(pair.id, { _tag: "Newest" }, 50)
    rises(reflected, pair.id, page.reflects?.pos ?? -1, "what a page reflects")
    rises(lastMessages, pair.id, page.messages.at(-1)?.pos ?? -1, "the newest message")
    const numbers = page.messages.flatMap((message) => (message.kind === "TEXT" ? [message.seq] : []))
    const [first = 0] = numbers
    assert.deepStrictEqual(
      numbers,
      numbers.map((_, i) => first + i),
      "without a gap"
    )
    assert.strictEqual(page.hasEarlier, first > 1)
    const { hits } = yield* search.page({
      subject: business,
      conversation: pair.id,
      text: "before OR message",
      order: "newest",
      limit: 50
    })
    assert.isAbove(hits.length, 0, "hits")
    rises(found, pair.id, hits[0]?.pos ?? -1, "the newest hit")
    const now = yield* unread.total(silent)
    assert.isAtLeast(now, total, "unread")
    total = now
    seen.latencies.push(performance.now() - began)
    seen.looks += 1
    yield* Effect.sleep("20 millis")
  }
})
