import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as EmbeddedPostgres from "@indelible/infrastructure/embedded/EmbeddedPostgres"
import { Effect } from "effect"

/** A durable Postgres 18 of the bench's own; its folder goes with the scope. */
export const benchDatabase = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const path = await mkdtemp(join(tmpdir(), "indelible-bench-"))
      // As root the server runs under another account, which must be able to come here.
      await chmod(path, 0o755)
      return path
    }),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  return yield* EmbeddedPostgres.start({ dataDir: join(folder, "postgres") })
})
