import { assert, describe, it } from "@effect/vitest"
import { KeyVaultUnavailable } from "@indelible/application/keys/KeyVault"
import { LogCorrupted, Unavailable } from "@indelible/application/store/EventStoreError"
import { SqlError } from "effect/sql"
import {
  describeFoldError,
  FoldThrew,
  isHalting,
  isRefusedRow,
  NoCheckpoint,
  TooManyParked
} from "./FoldError.ts"

const refused = (code: string) => Object.assign(new Error("Failing row contains (secret)"), { code })
const sqlError = (reason: SqlError.SqlErrorReason) => new SqlError.SqlError({ reason })

describe("FoldError", () => {
  it("tells a page at fault, which no retry heals, from a part that is away (F7, F35)", () => {
    const cause = refused("23502")
    for (const error of [
      new TooManyParked({ name: "inbox", parked: 10_001 }),
      new FoldThrew({ cause }),
      new NoCheckpoint({ name: "inbox", rows: 0 }),
      new LogCorrupted({ slice: 1, expected: 2, found: 3 }),
      sqlError(new SqlError.ConstraintError({ cause })),
      sqlError(new SqlError.UniqueViolation({ cause, constraint: "message_pkey" })),
      sqlError(new SqlError.SqlSyntaxError({ cause })),
      sqlError(new SqlError.UnknownError({ cause: refused("22021") }))
    ]) {
      assert.isTrue(isHalting(error), describeFoldError(error))
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
      assert.isFalse(isHalting(error), describeFoldError(error))
    }
  })

  it("blames an event only for a row that Postgres refuses (F35)", () => {
    const cause = refused("23502")
    assert.isTrue(isRefusedRow(sqlError(new SqlError.ConstraintError({ cause }))))
    assert.isTrue(isRefusedRow(sqlError(new SqlError.UnknownError({ cause: refused("22021") }))))
    assert.isFalse(isRefusedRow(sqlError(new SqlError.SqlSyntaxError({ cause }))))
    assert.isFalse(isRefusedRow(sqlError(new SqlError.ConnectionError({ cause }))))
    assert.isFalse(isRefusedRow(sqlError(new SqlError.UnknownError({ cause: refused("53100") }))))
  })

  it("is told without content", () => {
    const told = [
      new FoldThrew({ cause: new RangeError("secret") }),
      new FoldThrew({ cause: "secret" }),
      new LogCorrupted({ slice: 1, expected: 2, found: 3 }),
      sqlError(new SqlError.ConstraintError({ cause: refused("23502") })),
      sqlError(new SqlError.SqlSyntaxError({ cause: refused("42703") })),
      sqlError(new SqlError.UnknownError({ cause: "secret" }))
    ].map(describeFoldError)
    assert.deepStrictEqual(told, [
      "the fold threw RangeError",
      "the fold threw something",
      "slice 1: position 2 is missing, the next is 3",
      "SqlError ConstraintError 23502",
      "SqlError SqlSyntaxError 42703",
      "SqlError UnknownError"
    ])
  })
})
