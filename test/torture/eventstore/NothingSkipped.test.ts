import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { foreigner, writeByHand } from "./HandWriting.ts"
import { type LogWorld, make } from "./LogWorld.ts"
import { follow } from "./SliceFollower.ts"

const slices = [3, 17, 200] as const
const millis = 6_000

/** What lies in these slices of the log, asked for without the store. */
const committedIn = Effect.fnUntraced(function* (world: LogWorld) {
  const hand = yield* world.byHand
  const { rows } = yield* hand.query(
    `SELECT slice, slice_pos, stream_id, stream_pos, command_key FROM event
     WHERE slice = ANY ($1::smallint[]) ORDER BY slice, slice_pos`,
    [`{${slices.join(",")}}`]
  )
  return rows
})

describe.each(TestDatabase.oneServer())("readers on %s", (server) => {
  it.live(
    "see every event once and in order while writers dawdle, roll back and are killed, and wait for no stranger",
    () =>
      Effect.gen(function* () {
        const seed = seeded(`nothing skipped, ${server}`)
        const world = yield* make(server)
        const store = yield* world.node("a")
        yield* foreigner(server)
        const streams = new Map(
          slices.map((slice) => [slice, [streamIn(slice), streamIn(slice), streamIn(slice)] as const])
        )
        const tally = { committed: 0, rolledBack: 0, killed: 0 }
        const end = performance.now() + millis
        let writing = true

        const followers = yield* Effect.forEach(
          [
            { limit: 1, of: [slices[0]] },
            { limit: 2, of: slices },
            { limit: 7, of: slices },
            { limit: 500, of: Array.from({ length: 256 }, (_, slice) => slice) }
          ],
          ({ limit, of }) => Effect.forkChild(follow(store, of, limit, () => writing))
        )

        const lags: Array<number> = []
        const outcomes = new Map<string, Result.Result<unknown, { readonly _tag: string }>>()
        const writeByStore = Effect.fnUntraced(function* () {
          while (performance.now() < end) {
            const commandId = randomUUID()
            const stream = seed.pick(streams.get(seed.pick(slices)) ?? [streamIn(3)])
            const outcome = yield* Effect.result(
              store.execute(note, stream, { owner, text: "over the store" }, meta(commandId))
            )
            outcomes.set(`${owner}/${commandId}`, outcome)
            if (Result.isSuccess(outcome)) {
              const acked = performance.now()
              const last = outcome.success.events.at(-1)?.stored
              if (last === undefined) return assert.fail("a note without an event")
              const [seen] = yield* store.readSlices([{ slice: last.slice, after: last.slicePos - 1 }], 1)
              assert.deepStrictEqual(seen?.headerBytes, last.headerBytes, "visible as soon as acknowledged")
              lags.push(performance.now() - acked)
            }
          }
        })

        yield* Effect.all(
          [
            ...Array.from({ length: 3 }, () =>
              writeByHand(world.url, streams, seed, tally, () => performance.now() < end)
            ),
            ...Array.from({ length: 6 }, writeByStore)
          ],
          { concurrency: "unbounded" }
        )
        writing = false
        const stopped = performance.now()
        const read = yield* Effect.forEach(followers, Fiber.join)
        const drained = performance.now() - stopped

        const rows = yield* committedIn(world)
        for (const { events, limit } of read) {
          const of = new Set<number>(limit === 1 ? [slices[0]] : slices)
          const name = (slice: unknown, slicePos: unknown, stream: unknown, pos: unknown) =>
            `${slice}/${slicePos} ${stream}/${pos}`
          const expected = rows
            .filter(({ slice }) => of.has(Number(slice)))
            .map((row) => name(row.slice, row.slice_pos, row.stream_id, row.stream_pos))
          const seen = events.map((each) =>
            name(each.slice, each.slicePos, each.streamId, each.header.streamPos)
          )
          // Readers mix the slices: sorting by slice alone, which is stable, keeps the order within each.
          const order = Array.from(Map.groupBy(seen, (each) => each.split("/")[0]))
            .sort(([a], [b]) => Number(a) - Number(b))
            .flatMap(([, each]) => each)
          assert.deepStrictEqual(order, expected, `page size ${limit}`)
          for (const of of Map.groupBy(events, ({ streamId }) => streamId).values()) {
            assert.deepStrictEqual(
              of.map(({ header }) => header.streamPos),
              of.map((_, i) => i + 1)
            )
          }
        }

        const times = Map.groupBy(rows, (row) => String(row.command_key))
        for (const [key, outcome] of outcomes) {
          const written = times.get(key)?.length ?? 0
          if (Result.isSuccess(outcome)) assert.isAtLeast(written, 1, key)
          else {
            assert.strictEqual(outcome.failure._tag, "Busy")
            assert.strictEqual(written, 0, key)
          }
        }
        const busy = [...outcomes.values()].filter(Result.isFailure).length
        lags.sort((a, b) => a - b)
        console.log(
          `nothing skipped, ${server}: ${rows.length} events; by hand ${JSON.stringify(tally)}; by the store` +
            ` ${outcomes.size - busy}, busy ${busy}; acknowledged to read: median` +
            ` ${lags[Math.floor(lags.length / 2)]?.toFixed(1)} ms, worst ${lags.at(-1)?.toFixed(1)} ms;` +
            ` followers done ${drained.toFixed(0)} ms after the last commit; pages` +
            ` ${read.map(({ limit, pages }) => `${limit}:${pages}`).join(" ")}`
        )
        assert.isAbove(tally.committed, 5)
        assert.isAbove(tally.rolledBack, 2)
        assert.isAbove(tally.killed, 2)
        assert.isAbove(outcomes.size - busy, 50)
        assert.isBelow(lags.at(-1) ?? 0, 1_000)
        assert.isBelow(drained, 5_000)
      })
  )
})
