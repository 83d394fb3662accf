import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as EmbeddedPostgres from "@indelible/infrastructure/embedded/EmbeddedPostgres"
import { Effect } from "effect"

/** A durable Postgres 18 of the bench's own, or BENCH_DATABASE_URL; its folder goes with the scope. */
export const benchDatabase = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "indelible-bench-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  return yield* EmbeddedPostgres.start({ dataDir: join(folder, "postgres") })
})
