import type { PostgresBinaries } from "@indelible/infrastructure/embedded/PostgresBinaries"
import * as PostgresCluster from "@indelible/infrastructure/embedded/PostgresCluster"
import * as PostgresProcess from "@indelible/infrastructure/embedded/PostgresProcess"
import { choose } from "@indelible/infrastructure/embedded/ServiceAccount"
import { Effect, Redacted } from "effect"
import { keptPort } from "./KeptPort.ts"
import * as TestFolder from "./TestFolder.ts"

/** A new cluster in a temporary folder, not started yet, and how to start it. It goes with the scope. */
export const make = Effect.fn("OwnCluster.make")(function* (
  binaries: PostgresBinaries,
  settings?: Readonly<Record<string, string>>
) {
  const folder = yield* TestFolder.make
  const account = yield* choose(undefined)
  const cluster = yield* PostgresCluster.ensure({ path: folder, account, majors: [] }, binaries)
  const port = yield* keptPort
  return {
    directory: cluster.directory,
    url: Redacted.make(
      `postgresql://${PostgresCluster.superuser}:${Redacted.value(cluster.password)}@127.0.0.1:${port}/postgres`
    ),
    start: PostgresProcess.run({ binaries, account, directory: cluster.directory, port, settings })
  }
})
