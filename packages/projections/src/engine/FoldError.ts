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

/** The fold threw: a bug in it. */
export class FoldThrew extends Schema.TaggedError<FoldThrew>()("FoldThrew", { cause: Schema.Defect() }) {}

/** Why a page was not folded. Nothing of it is in the tables. */
export type FoldError =
  | UnreadableInPage
  | FoldThrew
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
export const describeFoldError = (error: FoldError): string => {
  switch (error._tag) {
    case "SqlError":
      return `SqlError ${error.reason._tag} ${sqlState(error.reason.cause)}`.trimEnd()
    case "FoldThrew":
      return "the fold threw"
    default:
      return error.message
  }
}
