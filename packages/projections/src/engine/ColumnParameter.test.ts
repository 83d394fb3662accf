import { assert, describe, it } from "@effect/vitest"
import { column } from "./ColumnParameter.ts"

describe("ColumnParameter", () => {
  it("leaves values to the driver, and spells out a column of nothing but nulls", () => {
    const values = [null, "a", "NULL"]
    assert.strictEqual(column(values), values)
    assert.strictEqual(column([null, null]), "{NULL,NULL}")
    assert.strictEqual(column([]), "{}")
  })
})
