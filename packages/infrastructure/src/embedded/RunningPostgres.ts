import { join, resolve } from "node:path"
import { Effect, Schema } from "effect"
import * as DataHome from "./DataHome.ts"
import { readPassword, urlOf } from "./PostgresCluster.ts"
import { running } from "./PostmasterFile.ts"

/** No service has its own database open in this data folder. */
export class NoServiceRunning extends Schema.TaggedError<NoServiceRunning>()("NoServiceRunning", {
  dataDir: Schema.String
}) {
  override get message() {
    return (
      `no service runs on ${this.dataDir}. Start it with \`npm start\`, ` +
      "name the data folder of one that runs with DATA_DIR, or set DATABASE_URL to work on a database of your own."
    )
  }
}

/**
 * The database of the service that runs on this data folder, for a program beside it: takes no lock, starts nothing and
 * changes no file. Whoever asks must be able to read the password file beside the data, so be the service's own
 * account, or root.
 */
export const find = Effect.fn("RunningPostgres.find")(function* (
  dataDir: string,
  elsewhere?: DataHome.Elsewhere
) {
  for (const folder of yield* DataHome.clusters(dataDir, elsewhere)) {
    const directory = join(folder, "data")
    const postmaster = yield* running(directory)
    if (postmaster !== undefined) {
      return { url: urlOf(yield* readPassword(folder), postmaster.port), directory }
    }
  }
  return yield* new NoServiceRunning({ dataDir: resolve(dataDir) })
})
