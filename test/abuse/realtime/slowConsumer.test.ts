import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RealtimeWorld from "../../realtime/RealtimeWorld.ts"

const { sending } = RealtimeWorld
const promise = <A>(ask: () => Promise<A>) => Effect.promise(ask)
const megabyte = 1024 * 1024

describe("who does not read", () => {
  it.live("F28 is closed with 4408 at 1 MB unread, while another device of theirs gets everything", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* RealtimeWorld.make()
        const { business, conversation, worker } = yield* world.pair
        const slow = yield* world.connect(worker.userId)
        const [theirs] = [...world.sessions.of(worker.subject)]
        const quick = yield* world.connect(worker.userId)
        slow.socket.pause()
        // 20 KB a message; the kernel's own buffers take some megabytes before ours see any.
        const text = "😀".repeat(5_000)
        let mostUnread = 0
        let sent = 0
        while (theirs?.live === true && sent < 2_000) {
          yield* Effect.all(
            Array.from({ length: 16 }, () => world.send(sending(business.subject, conversation, text))),
            { concurrency: "unbounded" }
          )
          sent += 16
          mostUnread = Math.max(mostUnread, theirs.outlet.bufferedAmount)
        }
        assert.isFalse(theirs?.live)
        assert.isBelow(mostUnread, 1.2 * megabyte)
        yield* promise(() => quick.when(() => quick.durable.length === sent))
        assert.deepStrictEqual(
          quick.durable.map(({ pos }) => pos),
          Array.from({ length: sent }, (_, i) => i + 2)
        )
        slow.socket.resume()
        assert.strictEqual((yield* promise(() => slow.closed)).code, 4408)
        // What it did get has no hole: it can go on from there.
        assert.deepStrictEqual(
          slow.durable.map(({ pos }) => pos),
          slow.durable.map((_, i) => i + 2)
        )
      })
    )
  )
})
