import * as EmbeddedPostgres from "@indelible/infrastructure/embedded/EmbeddedPostgres"
import { Context, Effect, Layer, Option, type Redacted } from "effect"
import type { Settings } from "../settings/Settings.ts"

/** The database that this node works on. */
export class Database extends Context.Service<
  Database,
  {
    readonly url: Redacted.Redacted
    /** Where its data is, in words for whoever started the service; without password. */
    readonly place: string
  }
>()("@indelible/server/database/Database") {}

/** A Postgres of our own in the data folder, or the one we were told to use. */
export const layer = ({ databaseUrl, dataDir }: Settings) =>
  Layer.effect(
    Database,
    Option.match(databaseUrl, {
      onSome: (url) => Effect.succeed({ url, place: "DATABASE_URL" }),
      onNone: () =>
        Effect.map(EmbeddedPostgres.start({ dataDir }), ({ directory, url }) => ({ url, place: directory }))
    })
  )
