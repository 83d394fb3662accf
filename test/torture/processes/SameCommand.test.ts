import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { type Seed, seeded } from "../Seed.ts"
import type { Attempt } from "./History.ts"
import * as Nodes from "./Nodes.ts"
import { newNote } from "./Note.ts"
import type { WriterProcess } from "./WriterProcess.ts"

const rounds = 200

/** A new one now and then: then both processes make a content key for the same person at once. */
const someActor = (seed: Seed, round: number) =>
  `00000000-0000-4000-8000-${String(seed.below(1 + round / 10)).padStart(12, "0")}`

/** Sends to one, then to the other at the same moment or up to 4 ms later: both in line, or one of them on its way. */
const race = Effect.fnUntraced(function* (
  seed: Seed,
  [one, other]: readonly [WriterProcess, WriterProcess],
  [first, second]: readonly [Parameters<WriterProcess["send"]>[0], Parameters<WriterProcess["send"]>[0]]
) {
  const turned = seed.below(2) === 0
  const [early, late] = turned ? [other, one] : [one, other]
  const pause = seed.pick([0, 0, 1, 2, 3, 4])
  const delayed = pause === 0 ? late.send(second) : Effect.delay(late.send(second), pause)
  return yield* Effect.all([early.send(first), delayed], { concurrency: 2 })
})

describe.each(TestDatabase.oneServer())("the same command id in two processes at once on %s", (server) => {
  it.live(`NFR-MSG-REL-002: is one note and two equal answers, ${rounds} times`, () =>
    Effect.gen(function* () {
      const seed = seeded(`same command, ${server}`)
      const nodes = yield* Nodes.make(yield* TestDatabase.make(server))
      const both = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const streams = [freshStream(), freshStream(), freshStream()] as const
      const attempts: Array<Attempt> = []
      for (let round = 0; round < rounds; round++) {
        const note = newNote(seed, seed.pick(streams), someActor(seed, round))
        const answers = yield* race(seed, both, [note, note])
        attempts.push(...answers)
        const told = answers.map(({ outcome }) => ({ ...outcome, repeat: "either" }))
        assert.deepStrictEqual(told[0], told[1])
        const repeats = answers.map(({ outcome }) => outcome._tag === "Ok" && outcome.repeat)
        assert.sameMembers(repeats, [true, false])
      }
      const log = yield* nodes.verify(`same command, ${server}`, attempts)
      assert.strictEqual(log.filter(({ note }) => note !== null).length, rounds)
    })
  )

  it.live(`NFR-MSG-REL-002: with another text is KeyReused for exactly one, ${rounds} times`, () =>
    Effect.gen(function* () {
      const seed = seeded(`same id, other text, ${server}`)
      const nodes = yield* Nodes.make(yield* TestDatabase.make(server))
      const both = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const streams = [freshStream(), freshStream(), freshStream()] as const
      const attempts: Array<Attempt> = []
      for (let round = 0; round < rounds; round++) {
        const note = newNote(seed, seed.pick(streams), someActor(seed, round))
        const answers = yield* race(seed, both, [note, { ...note, text: `${note.text}!` }])
        attempts.push(...answers)
        const told = answers.map(({ outcome }) => (outcome._tag === "Ok" ? outcome.repeat : outcome.error))
        assert.sameMembers(told, [false, "KeyReused"])
      }
      const log = yield* nodes.verify(`same id, other text, ${server}`, attempts)
      assert.strictEqual(log.filter(({ note }) => note !== null).length, rounds)
    })
  )
})
