import { randomUUID } from "node:crypto"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { inject } from "vitest"
import type { PostgresServer } from "./PostgresServers.ts"

/** The servers that exist here, for `describe.each(whichServers())`. */
export const whichServers = (): ReadonlyArray<PostgresServer> => {
  const servers = inject("postgresServers")
  return (["embedded", "debian15"] as const).filter((name) => servers[name] !== undefined)
}

/** The first of them, for what takes long and does not depend on the version of Postgres. */
export const oneServer = (): ReadonlyArray<PostgresServer> => whichServers().slice(0, 1)

/** The oldest of them likewise, so that it has its part of what takes long. */
export const oldestServer = (): ReadonlyArray<PostgresServer> => whichServers().slice(-1)

const adminUrl = Effect.fn(function* (server: PostgresServer) {
  const running = inject("postgresServers")[server]
  return running === undefined
    ? yield* Effect.die(new Error(`There is no server ${server} here; ask whichServers() first`))
    : new URL(running.url)
})

/** One statement by the superuser on a connection of its own: databases cannot be made in a transaction. */
const execute = Effect.fn(
  function* (url: URL, statement: string) {
    const sql = yield* PgClient.makeClient({ url: Redacted.make(url.href) })
    yield* sql.unsafe(statement)
  },
  Effect.provide(Reactivity.layer),
  Effect.scoped
)

/**
 * A fresh empty database with a random name, dropped with the scope together with its sessions.
 *
 * @param options.template name of a database to copy, to which nobody is connected
 * @returns URL of its owner, a superuser
 */
export const make = Effect.fn("TestDatabase.make")(function* (
  server: PostgresServer,
  options?: { readonly template?: string }
) {
  const admin = yield* adminUrl(server)
  const name = `test_${randomUUID().replaceAll("-", "")}`
  const template = options?.template ?? "template0"
  yield* Effect.acquireRelease(execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template}`), () =>
    Effect.orDie(execute(admin, `DROP DATABASE ${name} WITH (FORCE)`))
  )
  return Redacted.make(Object.assign(new URL(admin), { pathname: `/${name}` }).href)
})
