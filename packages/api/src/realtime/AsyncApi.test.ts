import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { assert, describe, it } from "@effect/vitest"
import { Ajv } from "ajv"
import { Ajv2020 } from "ajv/dist/2020.js"
import * as addFormats from "ajv-formats"
import { asyncApi } from "./AsyncApi.ts"
import { ClientFrame } from "./ClientFrame.ts"
import { ServerFrame } from "./ServerFrame.ts"

const require = createRequire(import.meta.url)

/** AsyncAPI's own schema of its documents. */
const official: object = JSON.parse(
  readFileSync(require.resolve("@asyncapi/specs/schemas/3.0.0-without-$id.json"), "utf8")
)

const conversationId = "0190f1a0-0000-8000-8000-00000000000a"
const clientMessageId = "0190f1a0-0000-4000-8000-00000000000b"

describe("the AsyncAPI document", () => {
  const document = asyncApi()

  it("is one, by AsyncAPI's own schema", () => {
    const ajv = new Ajv({ strict: false, allErrors: true })
    addFormats.default.default(ajv)
    const valid = ajv.compile(official)
    assert.isTrue(valid(document), JSON.stringify(valid.errors?.slice(0, 5)))
  })

  it("leads nowhere that is not in it", () => {
    const text = JSON.stringify(document)
    const refs = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path))
    assert.isAbove(refs.size, 20)
    for (const ref of refs) {
      const found = ref
        .split("/")
        .reduce<unknown>(
          (at, step) => (typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined),
          document
        )
      assert.isDefined(found, ref)
    }
  })

  it("tells of every frame", () => {
    const types = [...ClientFrame.members, ...ServerFrame.members].map(({ fields }) => fields.type.literal)
    const { components } = JSON.parse(JSON.stringify(document))
    assert.sameMembers(Object.keys(components.messages), [...new Set(types)])
  })

  it.each([
    [{ type: "send_message", id: "1", conversationId, clientMessageId, text: "hi" }, true],
    [{ type: "send_message", conversationId, clientMessageId }, false],
    [{ type: "send_message", conversationId, clientMessageId, text: "hi", seq: 1 }, false],
    [{ type: "mark_read", conversationId, upTo: "all" }, true],
    [{ type: "mark_read", conversationId, upTo: 0 }, false],
    [
      { type: "resume", conversations: [{ conversationId, pos: 3, tag: "0123456789abcdef" }], others: true },
      true
    ],
    [{ type: "resume", conversations: [{ conversationId, pos: -1 }] }, false]
  ])("lets a program check %j", (frame, good) => {
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema(JSON.parse(JSON.stringify(document)), "asyncapi.json")
    const check = ajv.compile({ $ref: `asyncapi.json#/components/schemas/${frame.type}` })
    assert.strictEqual(check(frame), good)
  })
})
