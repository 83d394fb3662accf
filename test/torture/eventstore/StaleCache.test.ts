import { assert, describe, it } from "@effect/vitest"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { type StreamId, streamId } from "@indelible/application/store/StreamId"
import { archive } from "@indelible/domain/conversation/Archive"
import { reopen } from "@indelible/domain/conversation/Reopen"
import { startConversation } from "@indelible/domain/conversation/StartConversation"
import { business, start } from "@indelible/domain/conversation/testing/Story"
import { Effect, Result, Schema } from "effect"
import { freshStream, lock, meta, note, notebook, owner, turnTo, unlock } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make } from "./LogWorld.ts"

const Facts = Schema.Struct({ count: Schema.optional(Schema.Int), page: Schema.optional(Schema.Int) })
const factsOf = Schema.decodeUnknownSync(Facts)

interface Moment {
  /** Slice position at which it became true. */
  readonly at: number
  readonly count: number
  readonly page: number
  readonly locked: boolean
}

/** What an answer says of the stream: it held at some moment from slice position `from` to `to`. */
interface Claim {
  readonly stream: StreamId
  readonly from: number
  readonly to: number
  readonly holds: (state: Moment) => boolean
  readonly said: string
}

const nothingYet: Moment = { at: 0, count: 0, page: 1, locked: false }

/** The notebook before its first event and after each of them. */
const history = (stored: ReadonlyArray<StoredEvent>): ReadonlyArray<Moment> => {
  let last = nothingYet
  const after = stored.map(({ header, slicePos }) => {
    const { count = last.count, page = last.page } = factsOf(header.facts)
    const locked = header.type === "NotebookLocked" || (last.locked && header.type !== "NotebookUnlocked")
    last = { at: slicePos, count, page, locked }
    return last
  })
  return [nothingYet, ...after]
}

describe.each(TestDatabase.oneServer())("a node that remembers an older state, on %s", (server) => {
  it.live("neither refuses nor calls already so what the log contradicts", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const [a, b] = [yield* world.node("a"), yield* world.node("b")]
      const stream = freshStream()
      yield* b.execute(lock, stream, null, meta())
      yield* a.execute(unlock, stream, null, meta())
      // b remembers the lock: it would refuse this.
      yield* b.execute(note, stream, { owner, text: "one" }, meta())
      yield* a.execute(lock, stream, null, meta())
      // b remembers it open: it would append this.
      assert.strictEqual(
        (yield* Effect.flip(b.execute(note, stream, { owner, text: "two" }, meta())))._tag,
        "Locked"
      )
      yield* a.execute(unlock, stream, null, meta())
      // b remembers the lock: locking would be already so.
      assert.strictEqual((yield* b.execute(lock, stream, null, meta())).events.length, 1)
      // a remembers it open: unlocking would be already so.
      assert.strictEqual((yield* a.execute(unlock, stream, null, meta())).events.length, 1)
    })
  )

  it.live("archives and re-opens a conversation as the log says it stands", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const [a, b] = [yield* world.node("a"), yield* world.node("b")]
      const stream = streamId("conversation", crypto.randomUUID())
      const now = { by: business, basedOn: null }
      yield* a.execute(startConversation, stream, start, meta())
      for (let round = 0; round < 5; round++) {
        const archived = yield* b.execute(archive, stream, now, meta())
        assert.strictEqual(archived.events.length, 1)
        assert.strictEqual((yield* a.execute(archive, stream, now, meta())).events.length, 0)
        const reopened = yield* a.execute(reopen, stream, now, meta())
        assert.strictEqual(reopened.events.length, 1)
        assert.strictEqual((yield* b.execute(reopen, stream, now, meta())).events.length, 0)
      }
    })
  )

  it.live("answers every command of a race as the log stood at some moment while it was asked", () =>
    Effect.gen(function* () {
      const seed = seeded(`stale cache, ${server}`)
      const world = yield* make(server)
      const nodes = [yield* world.node("a"), yield* world.node("b"), yield* world.node("c")] as const
      const streams = [freshStream(), freshStream()] as const
      const counts = { wrote: 0, refused: 0, alreadySo: 0, busy: 0 }
      /** To be looked up in the history, when it is complete. */
      const claims: Array<Claim> = []
      const end = performance.now() + 2_500

      const ask = Effect.fnUntraced(function* () {
        while (performance.now() < end) {
          const [store, stream] = [seed.pick(nodes), seed.pick(streams)]
          const page = 1 + seed.below(40)
          const command = seed.below(8)
          const headOf = Effect.map(store.heads(notebook, [stream]), ([head]) => head?.slicePos ?? 0)
          const from = yield* headOf
          const outcome = yield* Effect.result(
            command < 3
              ? store.execute(note, stream, { owner, text: "x" }, meta())
              : command < 5
                ? store.execute(unlock, stream, null, meta())
                : command < 7
                  ? store.execute(lock, stream, null, meta())
                  : store.execute(turnTo, stream, { page }, meta())
          )
          const to = yield* headOf
          if (Result.isFailure(outcome)) {
            const error = outcome.failure
            if (error._tag === "Busy") {
              counts.busy += 1
              continue
            }
            if (error._tag !== "Locked") return assert.fail(`${error._tag}: ${error.message}`)
            counts.refused += 1
            const holds = (state: Moment) => state.locked && state.count === error.count
            claims.push({ stream, from, to, holds, said: `locked at ${error.count}` })
          } else if (outcome.success.events.length === 0) {
            counts.alreadySo += 1
            const [reached = 0] = Object.values(outcome.success.token)
            assert.isAtLeast(reached, from, "the token reaches what was so before it was asked")
            const [holds, said] =
              command < 5
                ? [(state: Moment) => !state.locked, "unlocked"]
                : command < 7
                  ? [(state: Moment) => state.locked, "locked"]
                  : [(state: Moment) => state.page >= page, `at page ${page}`]
            // What made it so lies within the token's reach.
            claims.push({ stream, from, to: Math.min(to, reached), holds, said })
          } else counts.wrote += 1
        }
      })
      yield* Effect.all(Array.from({ length: 9 }, ask), { concurrency: "unbounded" })

      const histories = new Map(
        yield* Effect.forEach(streams, (stream) =>
          Effect.map(nodes[0].readStream(stream, 0, 100_000), (stored) => [stream, history(stored)] as const)
        )
      )
      for (const { from, holds, said, stream, to } of claims) {
        const states = histories.get(stream) ?? []
        const known = states.findLastIndex(({ at }) => at <= from)
        const during = states.filter(({ at }, i) => i >= known && at <= to)
        assert.isTrue(during.some(holds), `${said}, between ${from} and ${to} of ${stream}`)
      }
      console.log(`stale cache, ${server}: ${JSON.stringify(counts)}; ${claims.length} claims hold`)
      assert.isAbove(counts.wrote, 40)
      assert.isAbove(counts.refused, 20)
      assert.isAbove(counts.alreadySo, 20)
    })
  )
})
