import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { RpcSchema } from "effect/rpc"
import { problemCatalogue } from "../problem/ProblemCatalogue.ts"
import { connectedRpcs } from "./IndelibleRpcs.ts"

const page = readFileSync(new URL("../../../../docs/rpc.md", import.meta.url), "utf8")

/** The cells of each row of the table of methods. */
const rows = new Map(
  (page.split("## Methods\n")[1]?.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, method = "", parameters = "", , refusals = ""]) => [
      method.replaceAll("`", ""),
      { parameters, refusals }
    ])
)

/** What any call may be refused with, which is told once for all. */
const general = [
  "unauthenticated",
  "forbidden",
  "invalid_request",
  "unknown_method",
  "overloaded",
  "unavailable",
  "draining",
  "internal_error"
]

const codesOf = (schema: object): ReadonlyArray<string> => {
  if ("members" in schema && Array.isArray(schema.members)) return schema.members.flatMap(codesOf)
  return "identifier" in schema && typeof schema.identifier === "string" ? [schema.identifier] : []
}

const methods = Array.from(connectedRpcs.requests.values(), (rpc) => ({
  method: rpc._tag,
  fields: Object.keys("fields" in rpc.payloadSchema ? rpc.payloadSchema.fields : {}),
  codes: codesOf(
    RpcSchema.isStreamSchema(rpc.successSchema) ? rpc.successSchema.error : rpc.errorSchema
  ).filter((code) => !general.includes(code))
}))

describe("the page of the RPC interface", () => {
  it("tells of every method, and of no other", () => {
    assert.sameMembers(
      [...rows.keys()],
      methods.map(({ method }) => method)
    )
  })

  it.each(methods)("tells what $method takes and what it may be refused with", (rpc) => {
    const { parameters = "", refusals = "" } = rows.get(rpc.method) ?? {}
    for (const field of rpc.fields) assert.include(parameters, `\`${field}\``)
    const told = [...refusals.matchAll(/`(\w+)`/g)].map(([, code]) => code)
    assert.sameMembers(told, [...new Set(rpc.codes)])
  })

  it("tells once what all calls may be refused with", () => {
    const known: ReadonlyArray<string> = problemCatalogue.map(({ identifier }) => identifier)
    for (const code of general) {
      assert.include(page, `\`${code}\``)
      assert.include(known, code)
    }
  })
})
