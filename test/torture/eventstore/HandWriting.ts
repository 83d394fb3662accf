import { PgConnection } from "@effect/sql-pg"
import type { StreamId } from "@indelible/application/store/StreamId"
import { Effect, Exit, type Redacted, Scope } from "effect"
import { streamIn } from "../../contract/Notebook.ts"
import type { PostgresServer } from "../../servers/PostgresServers.ts"
import * as TestDatabase from "../../servers/TestDatabase.ts"
import type { Seed } from "../Seed.ts"
import * as RawWriter from "./RawWriter.ts"

/** A transaction of a stranger that has written in another database of this server and stays open. */
export const foreigner = Effect.fnUntraced(function* (server: PostgresServer) {
  const elsewhere = yield* PgConnection.make({ url: yield* TestDatabase.make(server) })
  yield* elsewhere.query("BEGIN")
  yield* elsewhere.query("CREATE TABLE open_for_long AS SELECT 1 AS one")
})

export interface Tally {
  committed: number
  rolledBack: number
  killed: number
}

/** Writes by hand for as long as it is wanted: each transaction is committed, rolled back or killed after a while of being open. */
export const writeByHand = Effect.fnUntraced(function* (
  url: Redacted.Redacted,
  streams: ReadonlyMap<number, readonly [StreamId, ...ReadonlyArray<StreamId>]>,
  seed: Seed,
  tally: Tally,
  writing: () => boolean
) {
  const executioner = yield* PgConnection.make({ url })
  let page = 2
  const [first = 0, ...others] = streams.keys()
  while (writing()) {
    // A connection of its own each time: the killed ones cannot be used again.
    const scope = yield* Scope.make()
    const writer = yield* Scope.provide(RawWriter.make(url), scope)
    const slice = seed.pick([first, ...others])
    yield* writer.begin
    yield* writer.lock(slice)
    for (let i = seed.below(3); i >= 0; i--) {
      yield* writer.append(seed.pick(streams.get(slice) ?? [streamIn(slice)]), {
        type: "PageTurned",
        page: page++
      })
      yield* Effect.sleep(seed.below(20))
    }
    const fate = seed.below(4)
    if (fate < 2) {
      yield* writer.commit
      tally.committed += 1
    } else if (fate === 2) {
      yield* writer.rollback
      tally.rolledBack += 1
    } else {
      yield* executioner.query("SELECT pg_terminate_backend($1, 5000)", [writer.pid])
      tally.killed += 1
    }
    yield* Scope.close(scope, Exit.void)
    yield* Effect.sleep(seed.below(20))
  }
})
