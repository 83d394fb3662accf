import { assert, describe, it } from "@effect/vitest"
import { KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { SqlError } from "effect/sql"
import { describeFoldError, FoldThrew, isPoison, NoCheckpoint, UnreadableInPage } from "./FoldError.ts"

const refused = (code: string) => Object.assign(new Error("Failing row contains (secret)"), { code })
const sqlError = (reason: SqlError.SqlErrorReason) => new SqlError.SqlError({ reason })
const event = { streamId: "conversation-x", streamPos: 2, type: "Sung", schemaVersion: 3 }

describe("FoldError", () => {
  it("tells a page at fault, which no retry heals, from a part that is away (F7, F35)", () => {
    const cause = refused("23502")
    for (const error of [
      new UnreadableInPage({ ...event, reason: "unknown" }),
      new FoldThrew({ cause }),
      new NoCheckpoint({ name: "inbox", rows: 0 }),
      new LogCorrupted({ slice: 1, expected: 2, found: 3 }),
      sqlError(new SqlError.ConstraintError({ cause })),
      sqlError(new SqlError.UniqueViolation({ cause, constraint: "message_pkey" })),
      sqlError(new SqlError.SqlSyntaxError({ cause })),
      sqlError(new SqlError.UnknownError({ cause: refused("22021") }))
    ]) {
      assert.isTrue(isPoison(error), describeFoldError(error))
    }
    for (const error of [
      new Unavailable({ reason: "unreachable", cause }),
      new KeyVaultUnavailable({ cause }),
      sqlError(new SqlError.ConnectionError({ cause })),
      sqlError(new SqlError.DeadlockError({ cause })),
      // Shutting down; disk full; nothing known.
      sqlError(new SqlError.UnknownError({ cause: refused("57P01") })),
      sqlError(new SqlError.UnknownError({ cause: refused("53100") })),
      sqlError(new SqlError.UnknownError({ cause: "?" }))
    ]) {
      assert.isFalse(isPoison(error), describeFoldError(error))
    }
  })

  it("is told without content", () => {
    const told = [
      new UnreadableInPage({ ...event, reason: "malformed" }),
      new FoldThrew({ cause: new RangeError("secret") }),
      new FoldThrew({ cause: "secret" }),
      sqlError(new SqlError.ConstraintError({ cause: refused("23502") })),
      sqlError(new SqlError.UnknownError({ cause: "secret" }))
    ].map(describeFoldError)
    assert.deepStrictEqual(told, [
      "conversation-x 2: Sung version 3 is malformed to this program",
      "the fold threw RangeError",
      "the fold threw something",
      "SqlError ConstraintError 23502",
      "SqlError UnknownError"
    ])
  })
})
