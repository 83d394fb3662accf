import { existsSync } from "node:fs"
import { join } from "node:path"
import type { PostgresBinaries } from "@indelible/infrastructure/embedded/PostgresBinaries"
import { Config, Effect, Option, Redacted } from "effect"
import * as AptPackages from "./AptPackages.ts"
import * as OwnCluster from "./OwnCluster.ts"
import type { RunningPostgres } from "./PostgresServers.ts"

const installed: PostgresBinaries = {
  bin: "/usr/lib/postgresql/15/bin",
  modules: "/usr/lib/postgresql/15/lib",
  major: 15
}

const fromApt = Effect.map(
  AptPackages.unpacked("postgresql-15"),
  ({ libraries, root }): PostgresBinaries => ({
    bin: join(root, installed.bin),
    modules: join(root, installed.modules),
    major: installed.major,
    libraries
  })
)

/** Programs of Postgres 15: the ones on this machine, else Debian's, unpacked into a cache. */
const locate = Effect.suspend(() =>
  existsSync(`${installed.bin}/postgres`) ? Effect.succeed(installed) : fromApt
)

/** A Postgres 15: the one given by TEST_POSTGRES15_URL, else one of our own. Fails with the reason why not. */
export const start = Effect.fn("Postgres15.start")(function* (settings: Readonly<Record<string, string>>) {
  const given = yield* Config.option(Config.String("TEST_POSTGRES15_URL"))
  if (Option.isSome(given)) return { url: given.value } satisfies RunningPostgres
  const binaries = yield* locate
  const cluster = yield* OwnCluster.make(binaries, settings)
  yield* cluster.start
  return { url: Redacted.value(cluster.url), binaries } satisfies RunningPostgres
}, Effect.mapError(String))
