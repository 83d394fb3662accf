import { Effect } from "effect"
import { inject } from "vitest"
import * as KillablePostgres from "./KillablePostgres.ts"
import type { PostgresServer } from "./PostgresServers.ts"

/** The servers whose programs we have, for `describe.each`: not the one that TEST_POSTGRES15_URL gave us. */
export const whichServers = (): ReadonlyArray<PostgresServer> => {
  const servers = inject("postgresServers")
  return (["embedded", "debian15"] as const).filter((name) => servers[name]?.binaries !== undefined)
}

/** A server that one test has for itself and may kill. Call `start`. Everything goes with the scope. */
export const make = Effect.fn("OwnPostgres.make")(function* (
  server: PostgresServer = "embedded",
  settings?: Readonly<Record<string, string>>
) {
  const binaries = inject("postgresServers")[server]?.binaries
  if (binaries === undefined) {
    return yield* Effect.die(new Error(`No programs of ${server} here; ask OwnPostgres.whichServers() first`))
  }
  return yield* KillablePostgres.make(binaries, settings)
})
