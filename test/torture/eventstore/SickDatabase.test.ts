import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { freshStream, meta, note, owner } from "../../contract/Notebook.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import { make } from "./LogWorld.ts"

const sick = [
  "CREATE SEQUENCE attempts",
  `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM nextval('attempts');
     RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
   END $$`,
  "CREATE TRIGGER sick BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION disk_full()"
]

describe.each(TestDatabase.oneServer())("a database that can be reached but not written, on %s", (server) => {
  it.live("F15 makes every command unavailable, by few calls, and heals by itself", () =>
    Effect.gen(function* () {
      const world = yield* make(server)
      const store = yield* world.node("a")
      const hand = yield* world.byHand
      const write = Effect.suspend(() => store.execute(note, freshStream(), { owner, text: "x" }, meta()))
      yield* write
      for (const statement of sick) yield* hand.query(statement)
      const outcomes = yield* Effect.all(
        Array.from({ length: 100 }, () => Effect.result(write)),
        { concurrency: "unbounded" }
      )
      const told = outcomes.map((outcome) => (Result.isFailure(outcome) ? outcome.failure._tag : "ok"))
      assert.deepStrictEqual(new Set(told), new Set(["Unavailable"]))
      const { rows } = yield* hand.query("SELECT last_value FROM attempts")
      assert.isAtMost(Number(rows[0]?.last_value), 10)
      yield* hand.query("DROP TRIGGER sick ON event")
      assert.strictEqual((yield* write).repeat, false)
    })
  )
})
