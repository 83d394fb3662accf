import { Schema } from "effect"

const because = (cause: unknown) => (cause instanceof Error ? ` (${cause.message})` : "")

/** No server programs for this platform, or they cannot be put where they can run. */
export class BinariesUnavailable extends Schema.TaggedError<BinariesUnavailable>()("BinariesUnavailable", {
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `The embedded Postgres has no usable programs here: ${this.detail}${because(this.cause)}`
  }
}

/** Running as root, and no other account can be taken to run the server under (it refuses uid 0). */
export class AccountUnavailable extends Schema.TaggedError<AccountUnavailable>()("AccountUnavailable", {
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `Postgres refuses to run as root, and no other account can be used: ${this.detail}${because(this.cause)}`
  }
}

/** The data folder cannot be made, read or reached by the server. */
export class DataUnusable extends Schema.TaggedError<DataUnusable>()("DataUnusable", {
  path: Schema.String,
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `The database folder ${this.path} cannot be used: ${this.detail}${because(this.cause)}`
  }
}

/** Another living service holds this data folder; `instance` says which one. */
export class DataInUse extends Schema.TaggedError<DataInUse>()("DataInUse", {
  path: Schema.String,
  instance: Schema.String
}) {
  override get message() {
    return `The database in ${this.path} is in use by another running service: ${this.instance}. Stop that one, or give this one another data folder.`
  }
}

/** `initdb` or the server ended instead of getting ready; `output` is the last it said. */
export class ServerFailed extends Schema.TaggedError<ServerFailed>()("ServerFailed", {
  program: Schema.Literals(["initdb", "postgres"]),
  output: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `The embedded Postgres did not start (${this.program}): ${this.output}`
  }
}

/** Why the service cannot bring its own database. The message always names the way out. */
export class EmbeddedPostgresError extends Schema.TaggedError<EmbeddedPostgresError>()(
  "EmbeddedPostgresError",
  {
    reason: Schema.Union([BinariesUnavailable, AccountUnavailable, DataUnusable, DataInUse, ServerFailed])
  }
) {
  override get message() {
    return `${this.reason.message}\nTo run on a Postgres of your own instead (15 or newer), set DATABASE_URL.`
  }
}
