import { randomUUID } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import type { CrashPoint } from "@indelible/infrastructure/faults/CrashPoint"
import { Effect } from "effect"
import { freshStream } from "../../contract/Notebook.ts"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { seeded } from "../Seed.ts"
import { type Attempt, keyOf } from "./History.ts"
import * as Nodes from "./Nodes.ts"
import { newNote } from "./Note.ts"

const commands = 40

/** Sends many notes at once to a process that dies at `point`; then the same ones to its successor and a neighbour. */
const dieAndRetry = Effect.fn(function* (server: PostgresServer, point: CrashPoint) {
  const name = `${point}, ${server}`
  const seed = seeded(name)
  const nodes = yield* Nodes.make(yield* TestDatabase.make(server))
  const [doomed, neighbour] = yield* Effect.all([nodes.start("a", point), nodes.start("b")], {
    concurrency: 2
  })
  const streams = [freshStream(), freshStream(), freshStream(), freshStream()] as const
  const actor = randomUUID()
  const notes = Array.from({ length: commands }, () => newNote(seed, seed.pick(streams), actor))
  const attempts: Array<Attempt> = []
  const sendAll = (to: typeof doomed) =>
    Effect.forEach(notes, (note) => to.send(note), { concurrency: "unbounded" }).pipe(
      Effect.tap((made) => Effect.sync(() => attempts.push(...made)))
    )

  const dying = yield* sendAll(doomed)
  assert.strictEqual(yield* doomed.gone, "SIGKILL")
  for (const { outcome } of dying) assert.strictEqual(outcome._tag, "Unknown")
  // A call that the dead one had sent may still run.
  yield* nodes.untilGone("a")
  const left = yield* nodes.readLog
  const successor = yield* nodes.start("a")
  const retried = yield* sendAll(successor)
  const again = yield* sendAll(neighbour)
  const log = yield* nodes.verify(name, attempts)
  assert.strictEqual(log.filter(({ note }) => note !== null).length, commands)

  for (const { outcome } of again) assert.strictEqual(outcome._tag === "Ok" && outcome.repeat, true)
  return { left, retried }
})

describe.each(TestDatabase.oldestServer())("killed in the midst of an append on %s", (server) => {
  it.live("F2, AC-MSG-001: after the commit: the retry gets the first answer", () =>
    Effect.gen(function* () {
      const { left, retried } = yield* dieAndRetry(server, "append.after-commit")
      const stored = new Map(left.filter(({ note }) => note !== null).map((event) => [event.key, event]))
      assert.isAbove(stored.size, 0)
      for (const attempt of retried) {
        const { outcome } = attempt
        assert(outcome._tag === "Ok")
        const first = stored.get(keyOf(attempt))
        assert.strictEqual(outcome.repeat, first !== undefined)
        if (first === undefined) continue
        assert.deepStrictEqual(
          [outcome.pos, outcome.recordedAt, outcome.text, outcome.tag],
          [first.pos, first.recordedAt, first.note?.text, first.tag]
        )
      }
    })
  )

  it.live("F1: before the commit: nothing is there, and one event after the retry", () =>
    Effect.gen(function* () {
      const { left, retried } = yield* dieAndRetry(server, "append.before-commit")
      assert.deepStrictEqual(left, [])
      for (const { outcome } of retried) assert.strictEqual(outcome._tag === "Ok" && !outcome.repeat, true)
    })
  )
})
