import { Schema } from "effect"

/** The database was changed by a program that knows more than this one; working on it could damage what it holds. */
export class DatabaseNewerThanProgram extends Schema.TaggedError<DatabaseNewerThanProgram>()(
  "DatabaseNewerThanProgram",
  { unknown: Schema.Array(Schema.String) }
) {
  override get message() {
    return (
      `the database has migrations this program does not know: ${this.unknown.join(", ")}. ` +
      "Start the version that made them, or restore a backup from before."
    )
  }
}

/** The database has not had everything that this program expects of it, and whoever asked must not change that. */
export class DatabaseOlderThanProgram extends Schema.TaggedError<DatabaseOlderThanProgram>()(
  "DatabaseOlderThanProgram",
  { missing: Schema.Array(Schema.String) }
) {
  override get message() {
    return (
      `the database has not had ${this.missing.join(", ")}, which this program needs. ` +
      "Start the service of this version on it once (`npm start`): it migrates the database. " +
      "If an older service has to go on running, use the version that it was started from."
    )
  }
}

/** Another process held the migration lock for the whole wait. Nothing was changed by this one. */
export class MigrationsBusy extends Schema.TaggedError<MigrationsBusy>()("MigrationsBusy", {
  waitedMillis: Schema.Int
}) {
  override get message() {
    return (
      `another process has been migrating the database for over ${this.waitedMillis} ms. ` +
      "Look for it in pg_stat_activity, let it finish or end it, and start again."
    )
  }
}

/** One migration failed, so none of this run was kept. */
export class MigrationFailed extends Schema.TaggedError<MigrationFailed>()("MigrationFailed", {
  migration: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `migration ${this.migration} failed and was rolled back: ${String(this.cause)}`
  }
}
