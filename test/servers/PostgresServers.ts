import type { PostgresBinaries } from "@indelible/infrastructure/embedded/PostgresBinaries"

/** Postgres 18 as the product brings it, and the oldest version that a deployment may have. */
export type PostgresServer = "embedded" | "debian15"

export interface RunningPostgres {
  /** Superuser's URL. */
  readonly url: string
  /** Absent when the server was given to us by TEST_POSTGRES15_URL. */
  readonly binaries?: PostgresBinaries
}

/** What `globalSetup` started; a server that could not be had is absent. */
export type PostgresServers = Readonly<Partial<Record<PostgresServer, RunningPostgres>>>

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresServers: PostgresServers
  }
}
