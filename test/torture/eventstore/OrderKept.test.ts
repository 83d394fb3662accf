import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { sliceOf } from "@indelible/infrastructure/envelope/SliceOf"
import { Effect, Result } from "effect"
import { freshStream, meta, note, owner } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"

/** Postgres refuses U+0000 in a text: the whole call fails with the one command that carries it. */
const unstorable = () => `${randomUUID()}\u0000`

describe.each(TestDatabase.oneServer())("commands sent one after the other, on %s", (server) => {
  it.live("keep their order when the log has moved on and another command spoils their call", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const [near, far] = [yield* world.node("near"), yield* world.node("far", { lanes: 1 })]
      const stream = freshStream()
      yield* far.execute(note, stream, { owner, text: "0" }, meta())
      yield* near.execute(note, stream, { owner, text: "elsewhere" }, meta())
      const texts = Array.from({ length: 10 }, (_, i) => String(i + 1))
      // All but the first gather behind the first's call, and share the next one.
      const [, spoiler, ...answers] = yield* Effect.forEach(
        [
          Effect.exit(far.execute(note, freshStream(), { owner, text: "first" }, meta())),
          Effect.exit(far.execute(note, freshStream(), { owner, text: "bad" }, meta(unstorable()))),
          ...texts.map((text) => Effect.exit(far.execute(note, stream, { owner, text }, meta())))
        ],
        (command) => command,
        { concurrency: "unbounded" }
      )
      assert.strictEqual(spoiler?._tag, "Failure")
      const positions = answers.map((answer) =>
        answer._tag === "Success" ? answer.value.events[0]?.stored.header.streamPos : answer
      )
      assert.deepStrictEqual(
        positions,
        texts.map((_, i) => i + 4)
      )
    })
  )

  it.live("keep their order under strangers, moved streams, held slices and spoiled calls", () =>
    Effect.gen(function* () {
      const seed = seeded(`order kept, ${server}`)
      const world = yield* make(server)
      const near = yield* world.node("near")
      const far = yield* world.node("far", { lanes: 2 })
      const raw = yield* RawWriter.make(world.url)
      const streams = [freshStream(), freshStream(), freshStream(), freshStream()] as const
      const end = performance.now() + 4_000
      let spoiled = 0
      let busy = 0
      const reached = new Map<string, number>()
      const isOver = () =>
        performance.now() > end && spoiled > 20 && streams.every((stream) => (reached.get(stream) ?? 0) > 50)
      const disturbed = Effect.gen(function* () {
        let page = 2
        while (!isOver()) {
          const stream = seed.pick(streams)
          yield* raw.begin
          yield* raw.lock(sliceOf(stream))
          yield* raw.append(stream, { type: "PageTurned", page: page++ })
          yield* Effect.sleep(seed.below(60))
          yield* seed.below(2) === 0 ? raw.commit : raw.rollback
          yield* Effect.sleep(seed.below(20))
          yield* Effect.exit(near.execute(note, stream, { owner, text: "near" }, meta()))
        }
      })
      const spoil = Effect.gen(function* () {
        while (!isOver()) {
          const { _tag } = yield* Effect.exit(
            far.execute(note, freshStream(), { owner, text: "bad" }, meta(unstorable()))
          )
          assert.strictEqual(_tag, "Failure")
          spoiled += 1
          yield* Effect.sleep(seed.below(10))
        }
      })
      /** Sends five without waiting for answers, then waits for all. */
      const sender = Effect.fnUntraced(function* (stream: (typeof streams)[number]) {
        let last = 0
        while (!isOver()) {
          const answers = yield* Effect.forEach(
            Array.from({ length: 5 }, (_, i) => String(i)),
            (text) => Effect.result(far.execute(note, stream, { owner, text }, meta())),
            { concurrency: "unbounded" }
          )
          for (const answer of answers) {
            if (Result.isFailure(answer)) {
              assert.strictEqual(answer.failure._tag, "Busy")
              busy += 1
              continue
            }
            const pos = answer.success.events.at(-1)?.stored.header.streamPos ?? 0
            assert.isAbove(pos, last, "behind what was sent before it")
            last = pos
            reached.set(stream, pos)
          }
        }
      })
      yield* Effect.all([disturbed, spoil, ...streams.map(sender)], { concurrency: "unbounded" })
      console.log(
        `order kept, ${server}: ${[...reached.values()].join(", ")} events, ${spoiled} calls spoiled, ${busy} busy`
      )
    })
  )
})
