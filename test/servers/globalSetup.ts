import * as DataHome from "@indelible/infrastructure/embedded/DataHome"
import * as EmbeddedPostgres from "@indelible/infrastructure/embedded/EmbeddedPostgres"
import * as PostgresBinaries from "@indelible/infrastructure/embedded/PostgresBinaries"
import { Effect, Exit, Redacted, References, Scope } from "effect"
import type { TestProject } from "vitest/node"
import * as Postgres15 from "./Postgres15.ts"
import type { PostgresServers } from "./PostgresServers.ts"
import * as TestFolder from "./TestFolder.ts"

/** Several test files at once, each with pools of its own. Durability stays as in production. */
const settings = { max_connections: "300" }

const startEmbedded = Effect.gen(function* () {
  const dataDir = yield* TestFolder.make
  const { url } = yield* EmbeddedPostgres.start({ dataDir, settings })
  const binaries = yield* PostgresBinaries.locate(yield* DataHome.find(dataDir))
  return { url: Redacted.value(url), binaries }
})

/** Tests over Postgres 15 are left out on a machine that cannot have one, except in CI, which must be able to. */
const startPostgres15 = Postgres15.start(settings).pipe(
  Effect.catch((reason) =>
    process.env.CI === "true"
      ? Effect.die(new Error(`No Postgres 15 for the tests: ${reason}`))
      : Effect.as(Effect.logWarning(`Tests on Postgres 15 are skipped: ${reason}`), undefined)
  )
)

/** @param quick the embedded server alone, on which tests take half the time */
const start = (quick: boolean) =>
  TestFolder.removeAbandoned.pipe(
    Effect.andThen(
      Effect.all([startEmbedded, quick ? Effect.undefined : startPostgres15], { concurrency: 2 })
    ),
    Effect.map(([embedded, debian15]): PostgresServers => ({ embedded, ...(debian15 && { debian15 }) })),
    Effect.provideService(References.MinimumLogLevel, "Warn")
  )

interface Started {
  readonly scope: Scope.Closeable
  readonly servers: Promise<PostgresServers>
  users: number
}

declare global {
  // Every project loads this module afresh; only the process is the same.
  var indelibleTestServers: Started | undefined
}

const startOnce = (quick: boolean): Started => {
  const scope = Scope.makeUnsafe()
  return { scope, servers: Effect.runPromise(Scope.provide(start(quick), scope)), users: 0 }
}

export default async function setup(project: TestProject) {
  globalThis.indelibleTestServers ??= startOnce(project.vitest.config.mode === "quick")
  const started = globalThis.indelibleTestServers
  started.users += 1
  const teardown = async () => {
    started.users -= 1
    if (started.users > 0) return
    globalThis.indelibleTestServers = undefined
    await Effect.runPromise(Scope.close(started.scope, Exit.void))
  }
  try {
    project.provide("postgresServers", await started.servers)
  } catch (error) {
    await teardown()
    throw error
  }
  return teardown
}
