import { Schema } from "effect"
import { ClientFrame } from "./ClientFrame.ts"
import { frameSummaries } from "./FrameSummaries.ts"
import { ServerFrame } from "./ServerFrame.ts"

type Frame = (typeof ClientFrame.members)[number] | (typeof ServerFrame.members)[number]

type Json = { readonly [key: string]: unknown }

const description = `Messaging that keeps the record, in real time. Frames are JSON text, one object each.

A **durable** frame is one event of a conversation: it carries \`pos\`, 1, 2, 3 and so on in its conversation, and \`tag\`. Whoever holds \`pos\` p next gets p + 1; anything further on means that frames are missing, and \`resume\` brings them. How to write a client is told in \`docs/protocol.md\`.`

const schemaName = (type: string, part: number) => (part === 0 ? type : `${type}_${part + 1}`)

/** One message a type of frame; a type may have several forms. */
const messagesOf = (frames: ReadonlyArray<Frame>) => {
  const forms = new Map<string, Array<Frame>>()
  for (const frame of frames) {
    const type = frame.fields.type.literal
    forms.set(type, [...(forms.get(type) ?? []), frame])
  }
  return forms
}

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** References of a schema's own document, as they are called in the whole. */
const relocated = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(relocated)
  if (typeof schema !== "object" || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === "$ref" && typeof value === "string"
        ? [key, value.replace("#/$defs/", "#/components/schemas/")]
        : [key, relocated(value)]
    )
  )
}

const collect = (schemas: Map<string, unknown>, name: string, frame: Frame, strict: boolean) => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(frame, {
    onExcessProperty: strict ? "error" : "ignore"
  })
  schemas.set(name, relocated(schema))
  for (const [shared, definition] of Object.entries(definitions)) schemas.set(shared, relocated(definition))
}

/** @param strict whether a field that is not named is refused */
const describe = (schemas: Map<string, unknown>, frames: ReadonlyArray<Frame>, strict: boolean): Json => {
  const messages: Record<string, Json> = {}
  for (const [type, forms] of messagesOf(frames)) {
    const names = forms.map((frame, part) => {
      const name = schemaName(type, part)
      collect(schemas, name, frame, strict)
      return name
    })
    const [only = type] = names
    messages[type] = {
      name: type,
      summary: frameSummaries[forms[0]?.fields.type.literal ?? "ping"],
      contentType: "application/json",
      payload: names.length === 1 ? refTo(only) : { anyOf: names.map(refTo) }
    }
  }
  return messages
}

const operation = (action: "send" | "receive", types: ReadonlyArray<string>, summary: string): Json => ({
  action,
  summary,
  channel: { $ref: "#/channels/socket" },
  messages: types.map((type) => ({ $ref: `#/channels/socket/messages/${type}` }))
})

/** The WebSocket interface as an AsyncAPI 3.0 document, made from the schemas that server and clients work with. */
export const asyncApi = (): Json => {
  const schemas = new Map<string, unknown>()
  const fromClients = describe(schemas, ClientFrame.members, true)
  const fromServer = describe(schemas, ServerFrame.members, false)
  const messages = { ...fromClients, ...fromServer }
  const refs = Object.keys(messages).map((type) => [type, { $ref: `#/components/messages/${type}` }])
  return {
    asyncapi: "3.0.0",
    info: { title: "Indelible", version: "1", description },
    defaultContentType: "application/json",
    channels: {
      socket: {
        address: "/ws",
        description:
          "One WebSocket a device. The token comes in the Authorization header of the upgrade request or in the first frame, never in the URL.",
        messages: Object.fromEntries(refs),
        bindings: { ws: { method: "GET" } }
      }
    },
    operations: {
      fromClients: operation("receive", Object.keys(fromClients), "What clients send"),
      fromServer: operation("send", Object.keys(fromServer), "What the server sends")
    },
    components: { schemas: Object.fromEntries(schemas), messages }
  }
}
