import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { SystemDetail } from "./SystemDetail.ts"

const read = Schema.decodeUnknownResult(Schema.fromJsonString(SystemDetail))

describe("the detail of a SYSTEM entry", () => {
  it("has the cause that its row tells", () => {
    for (const cause of ["request", "inactivity"] as const) {
      const detail: SystemDetail = { event: "archived", by: "system", cause }
      assert.deepStrictEqual(read(JSON.stringify(detail)), Result.succeed(detail))
    }
  })

  it("is read from a row of version 1, which tells none", () => {
    for (const [by, cause] of [
      ["business", "request"],
      ["worker", "request"],
      ["system", "inactivity"]
    ] as const) {
      assert.deepStrictEqual(
        read(JSON.stringify({ event: "archived", by })),
        Result.succeed({ event: "archived" as const, by, cause })
      )
    }
  })

  it("is not guessed where a row is damaged", () => {
    for (const row of [
      '{"event":"archived","by":"worker","cause":"whim"}',
      '{"event":"reopened","by":"worker"}'
    ]) {
      assert.isTrue(Result.isFailure(read(row)), row)
    }
  })
})
