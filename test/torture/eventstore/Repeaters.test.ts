import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { EventStore } from "@indelible/application/store/EventStore"
import { Effect, Fiber } from "effect"
import { freshStream, meta, note, owner } from "../../contract/Notebook.ts"
import { make } from "./LogWorld.ts"

type Store = EventStore["Service"]

/** One caller after the other begins a command when its last one has ended; answers how many have ended. */
const callers = Effect.fnUntraced(function* (
  count: number,
  going: () => boolean,
  call: () => Effect.Effect<unknown, unknown>
) {
  let ended = 0
  const caller = Effect.gen(function* () {
    while (going()) {
      yield* call()
      ended += 1
    }
  })
  yield* Effect.all(
    Array.from({ length: count }, () => caller),
    { concurrency: "unbounded" }
  )
  return ended
})

const send = (store: Store, stream: ReturnType<typeof freshStream>, id: string = randomUUID()) =>
  store.execute(note, stream, { owner, text: "one" }, meta(id))

const neighbours = {
  once: (store: Store, stream: ReturnType<typeof freshStream>) => send(store, stream),
  "twice at once": (store: Store, stream: ReturnType<typeof freshStream>) => {
    const id = randomUUID()
    return Effect.all([send(store, stream, id), send(store, stream, id)], { concurrency: 2 })
  },
  "twice one after the other": (store: Store, stream: ReturnType<typeof freshStream>) => {
    const id = randomUUID()
    return Effect.andThen(send(store, stream, id), send(store, stream, id))
  },
  "the same for ever": (store: Store, stream: ReturnType<typeof freshStream>) => send(store, stream, repeated)
}
const repeated = randomUUID()

describe("neighbours that send everything again", () => {
  it.live("take no more of the store from the others than neighbours that do not", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const store = yield* world.node("a")
      const others = Array.from({ length: 64 }, freshStream)
      const theirs = Array.from({ length: 8 }, freshStream)
      let at = 0
      const next = (streams: typeof others) => streams[at++ % streams.length] ?? freshStream()
      const done = new Map<string, number>()
      const phase = Effect.fnUntraced(function* (kind: keyof typeof neighbours, millis: number) {
        const end = performance.now() + millis
        const going = () => performance.now() < end
        const [ended] = yield* Effect.all(
          [
            callers(16, going, () => send(store, next(others))),
            callers(8, going, () => neighbours[kind](store, next(theirs)))
          ],
          { concurrency: 2 }
        )
        return (ended * 1000) / millis
      })
      yield* phase("once", 500)
      // In turns, so that the machine's other work falls on all alike.
      const kinds = ["once", "twice at once", "twice one after the other", "the same for ever"] as const
      for (let round = 0; round < 5; round++) {
        for (const kind of kinds) {
          done.set(`${kind} ${round}`, yield* phase(kind, 600))
        }
      }
      const median = (kind: string) =>
        Array.from({ length: 5 }, (_, round) => done.get(`${kind} ${round}`) ?? 0).sort((a, b) => a - b)[2] ??
        0
      const ratios = kinds.map((kind) => [kind, median(kind), median(kind) / median("once")] as const)
      console.log(
        `others' commands/s beside neighbours that send: ${ratios
          .map(([kind, perSecond, ratio]) => `${kind} ${perSecond.toFixed(0)} (${ratio.toFixed(2)})`)
          .join(", ")}`
      )
      for (const [kind, , ratio] of ratios) assert.isAtLeast(ratio, 0.6, kind)
      for (const stream of theirs) {
        const stored = yield* store.readStream(stream, 0, 100_000)
        const keys = stored
          .filter(({ header }) => header.type === "Noted")
          .map(({ header }) => header.commandKey)
        assert.strictEqual(new Set(keys).size, keys.length)
      }
    })
  )

  it.live("do not keep the other person of their own conversation from sending", () =>
    Effect.gen(function* () {
      const world = yield* make("embedded")
      const store = yield* world.node("a")
      const stream = freshStream()
      const old = Array.from({ length: 20 }, () => randomUUID())
      for (const id of old) yield* send(store, stream, id)
      const millis: Array<number> = []
      let at = 0
      let going = true
      const repeating = yield* Effect.forkChild(
        callers(
          20,
          () => going,
          () => send(store, stream, old[at++ % old.length])
        )
      )
      for (let i = 0; i < 50; i++) {
        const start = performance.now()
        yield* send(store, stream)
        millis.push(performance.now() - start)
      }
      going = false
      const repeats = yield* Fiber.join(repeating)
      millis.sort((a, b) => a - b)
      console.log(
        `beside ${repeats} repeats in the same conversation: median ${millis[25]?.toFixed(1)} ms, worst` +
          ` ${millis.at(-1)?.toFixed(1)} ms`
      )
      assert.isBelow(millis.at(-1) ?? 0, 1_000)
    })
  )
})
