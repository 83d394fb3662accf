import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { ClientFrame } from "./ClientFrame.ts"
import { CloseCode } from "./CloseCode.ts"
import { ErrorCode } from "./ErrorCode.ts"
import { ServerFrame } from "./ServerFrame.ts"

const page = readFileSync(new URL("../../../../docs/protocol.md", import.meta.url), "utf8")

/** The rows of the table under a heading, by what stands in their first column. */
const rowsUnder = (heading: string) => {
  const [, section = ""] = page.split(`## ${heading}\n`)
  const [table = ""] = section.split("\n## ")
  return new Map(
    table
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2)
      .map((line) => [line.split("|")[1]?.trim().replaceAll("`", ""), line])
  )
}

const frames = [
  ...ClientFrame.members.map(({ fields }) => ["What a client sends", fields] as const),
  ...ServerFrame.members.map(({ fields }) => ["What the server sends", fields] as const)
].map(([heading, { type, ...fields }]) => ({ heading, type: type.literal, fields: Object.keys(fields) }))

describe("the page of the WebSocket interface", () => {
  it.each(frames)("tells of $type and its fields, under $heading", ({ fields, heading, type }) => {
    const row = rowsUnder(heading).get(type)
    assert.isDefined(row)
    if (row?.includes("the same")) return
    // Every frame of a client may have an id, which is told once for all.
    const told = heading === "What a client sends" ? fields.filter((field) => field !== "id") : fields
    for (const field of told) assert.include(row, `\`${field}\``)
  })

  it("tells of no frame that is not there", () => {
    for (const heading of ["What a client sends", "What the server sends"]) {
      const known = frames.filter((frame) => frame.heading === heading).map(({ type }) => String(type))
      assert.sameMembers([...rowsUnder(heading).keys()], [...new Set(known)])
    }
  })

  it("tells of every error code and no other", () => {
    assert.sameMembers([...rowsUnder("Error codes").keys()], [...ErrorCode.literals])
  })

  it("tells of every close code, and of the protocol's own", () => {
    const codes = [...Object.values(CloseCode), 1002, 1007, 1009].map(String)
    assert.sameMembers([...rowsUnder("Close codes").keys()], codes)
  })
})
