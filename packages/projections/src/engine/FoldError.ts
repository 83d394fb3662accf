import type { KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import type { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { Schema } from "effect"
import type { SqlError } from "effect/sql"

/** The program itself is at fault. */
export class FoldThrew extends Schema.TaggedError<FoldThrew>()("FoldThrew", { cause: Schema.Defect() }) {
  override get message() {
    return `the fold threw ${this.cause instanceof Error ? this.cause.name : "something"}`
  }
}

/** The tables are not there, or only in part. */
export class NoCheckpoint extends Schema.TaggedError<NoCheckpoint>()("NoCheckpoint", {
  name: Schema.String,
  rows: Schema.Int
}) {
  override get message() {
    return `${this.name} has ${this.rows} checkpoint rows instead of 256; run the migrations`
  }
}

/** So many streams are parked that the program, not the events, must be at fault. */
export class TooManyParked extends Schema.TaggedError<TooManyParked>()("TooManyParked", {
  name: Schema.String,
  parked: Schema.Int
}) {
  override get message() {
    return `${this.parked} streams of ${this.name} would be parked: see \`indelible projections parked ${this.name}\`, mend the program, and start it again`
  }
}

/** Why a page was not folded. Nothing of it is in the tables. */
export type FoldError =
  | FoldThrew
  | NoCheckpoint
  | TooManyParked
  | LogCorrupted
  | Unavailable
  | KeyVaultUnavailable
  | SqlError.SqlError

const sqlState = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : ""

/** Whether Postgres refused a row for what is in it, so that the event it came from is at fault. */
export const isRefusedRow = (error: SqlError.SqlError): boolean => {
  const { _tag, cause } = error.reason
  return (
    _tag === "UniqueViolation" ||
    _tag === "ConstraintError" ||
    // Class 22: a value that Postgres does not take. The other unclassified ones are shutdowns, full disks and the like.
    (_tag === "UnknownError" && sqlState(cause).startsWith("22"))
  )
}

/** Whether trying again heals nothing, rather than a part that is away. Someone has to look. */
export const isHalting = (error: FoldError): boolean => {
  switch (error._tag) {
    case "FoldThrew":
    case "NoCheckpoint":
    case "TooManyParked":
    case "LogCorrupted":
      return true
    case "Unavailable":
    case "KeyVaultUnavailable":
      return false
    case "SqlError":
      // A table or column that is not there: these tables were made for another program.
      return error.reason._tag === "SqlSyntaxError" || isRefusedRow(error)
  }
}

/** For logs and consoles. Postgres may quote the failing row, so of its errors only the kind is told. */
export const describeFoldError = (error: FoldError): string =>
  error._tag === "SqlError"
    ? `SqlError ${error.reason._tag} ${sqlState(error.reason.cause)}`.trimEnd()
    : error.message
