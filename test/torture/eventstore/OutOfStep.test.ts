import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { meta, note, owner, streamIn } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"
import * as RawWriter from "./RawWriter.ts"

const slice = 42

describe.each(TestDatabase.whichServers())(
  "a stream whose row is out of step with its events, on %s",
  (server) => {
    it.live("is busy alone: its neighbours in a slice that was held go through", () =>
      Effect.gen(function* () {
        const world = yield* make(server)
        const store = yield* world.node("a")
        const raw = yield* RawWriter.make(world.url)
        const stuck = streamIn(slice)
        const neighbours = Array.from({ length: 5 }, () => streamIn(slice))
        const write = (stream: ReturnType<typeof streamIn>) =>
          store.execute(note, stream, { owner, text: "x" }, meta())
        yield* Effect.forEach([stuck, ...neighbours], write)
        // A stray writer that added an event and left the stream's row as it was.
        yield* raw.append(stuck, { type: "PageTurned", page: 2 }, { withoutStreamRow: true })

        yield* raw.begin
        yield* raw.lock(slice)
        const writing = yield* Effect.forkChild(
          Effect.forEach([stuck, ...neighbours], (stream) => Effect.result(write(stream)), {
            concurrency: "unbounded"
          })
        )
        yield* Effect.sleep("400 millis")
        yield* raw.commit
        const [outcome, ...others] = yield* Fiber.join(writing)
        assert.isTrue(others.every(Result.isSuccess))
        assert.strictEqual(
          outcome !== undefined && Result.isFailure(outcome) ? outcome.failure._tag : "ok",
          "Busy"
        )
      })
    )
  }
)
