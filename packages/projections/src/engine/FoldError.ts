import type { KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import type { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { Schema } from "effect"
import type { SqlError } from "effect/sql"

/** An event that this program cannot read stands in the way. */
export class UnreadableInPage extends Schema.TaggedError<UnreadableInPage>()("UnreadableInPage", {
  streamId: Schema.String,
  streamPos: Schema.Int,
  type: Schema.String,
  schemaVersion: Schema.Int,
  reason: Schema.Literals(["unknown", "malformed"])
}) {
  override get message() {
    return `${this.streamId} ${this.streamPos}: ${this.type} version ${this.schemaVersion} is ${this.reason} to this program`
  }
}

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

/** Why a page was not folded. Nothing of it is in the tables. */
export type FoldError =
  | UnreadableInPage
  | FoldThrew
  | NoCheckpoint
  | LogCorrupted
  | Unavailable
  | KeyVaultUnavailable
  | SqlError.SqlError

const sqlState = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : ""

/** Whether the page itself is at fault, so that trying again heals nothing, rather than a part that is away. */
export const isPoison = (error: FoldError): boolean => {
  switch (error._tag) {
    case "UnreadableInPage":
    case "FoldThrew":
    case "NoCheckpoint":
    case "LogCorrupted":
      return true
    case "Unavailable":
    case "KeyVaultUnavailable":
      return false
    case "SqlError": {
      const { _tag, cause } = error.reason
      // Class 22: a value that Postgres refuses. The other unclassified ones are shutdowns, full disks and the like.
      return (
        _tag === "UniqueViolation" ||
        _tag === "ConstraintError" ||
        _tag === "SqlSyntaxError" ||
        (_tag === "UnknownError" && sqlState(cause).startsWith("22"))
      )
    }
  }
}

/** For logs and consoles. Postgres may quote the failing row, so of its errors only the kind is told. */
export const describeFoldError = (error: FoldError): string =>
  error._tag === "SqlError"
    ? `SqlError ${error.reason._tag} ${sqlState(error.reason.cause)}`.trimEnd()
    : error.message
