import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { type Attempt, tally } from "./History.ts"
import * as Load from "./Load.ts"
import * as Nodes from "./Nodes.ts"
import { newNote } from "./Note.ts"
import type { WriterProcess } from "./WriterProcess.ts"

describe("commands of a frozen process, sent again to another", () => {
  it.live("F6, NFR-MSG-REL-002: are settled there, and on waking it says the same", () =>
    Effect.gen(function* () {
      const seed = seeded("frozen over")
      const nodes = yield* Nodes.make(yield* TestDatabase.make("embedded"))
      const [a, b] = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const streams = [freshStream(), freshStream(), freshStream()] as const
      const attempts: Array<Attempt> = []
      const record = (attempt: Attempt) => Effect.sync(() => void attempts.push(attempt))
      for (let round = 0; round < 8; round++) {
        const actor = randomUUID()
        const notes = Array.from({ length: 60 }, () => newNote(seed, seed.pick(streams), actor))
        const sendAll = (to: WriterProcess) =>
          Effect.forEach(notes, (note) => Effect.tap(to.send(note), record), { concurrency: "unbounded" })
        const begun = attempts.length
        const first = yield* Effect.forkChild(sendAll(a))
        // Some are answered, some committed, some decided, some still in line.
        const some = seed.below(20)
        yield* Load.until("it has begun", 5_000, () => attempts.length >= begun + some)
        a.signal("SIGSTOP")
        const second = yield* sendAll(b)
        yield* Effect.sleep(seed.below(1_000))
        a.signal("SIGCONT")
        yield* Fiber.join(first)
        for (const { outcome } of second) assert.strictEqual(outcome._tag, "Ok")
      }
      yield* nodes.verify("frozen over", attempts)
      assert.isAbove(tally(attempts).deduplicated, 0)
    })
  )
})
