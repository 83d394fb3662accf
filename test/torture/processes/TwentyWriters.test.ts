import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import type { Attempt } from "./History.ts"
import * as Nodes from "./Nodes.ts"
import { newNote } from "./Note.ts"

const eachSends = 120

describe.each(TestDatabase.oneServer())("twenty writers, two processes, one conversation on %s", (server) => {
  it.live("F14, REQ-MSG-003: positions 1..n, every ok once with the bytes sent, nobody overtaken", () =>
    Effect.gen(function* () {
      const seed = seeded(`twenty writers, ${server}`)
      const nodes = yield* Nodes.make(yield* TestDatabase.make(server))
      const both = yield* Effect.all([nodes.start("a"), nodes.start("b")], { concurrency: 2 })
      const stream = freshStream()
      const attempts: Array<Attempt> = []
      const began = performance.now()
      const write = Effect.fnUntraced(function* (process: (typeof both)[number]) {
        const actor = randomUUID()
        for (let turn = 0; turn < eachSends; turn++) {
          attempts.push(yield* process.send(newNote(seed, stream, actor)))
        }
      })
      yield* Effect.forEach(
        both.flatMap((process) => Array.from({ length: 10 }, () => process)),
        write,
        { concurrency: "unbounded", discard: true }
      )
      const rate = (attempts.length * 1000) / (performance.now() - began)
      console.log(`twenty writers, ${server}: ${rate.toFixed(0)} notes/s in one conversation`)
      const log = yield* nodes.verify(`twenty writers, ${server}`, attempts)
      // Nothing was in its way, so nothing else than ok will do.
      assert.deepStrictEqual(
        attempts.filter(({ outcome }) => outcome._tag !== "Ok" || outcome.repeat),
        []
      )
      assert.strictEqual(log.length, 20 * eachSends + 1)
    })
  )
})
