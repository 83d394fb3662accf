import { FrameId } from "@indelible/api/realtime/FrameId"
import { Result, Schema, SchemaIssue } from "effect"
import { parseJson } from "../answers/ParseJson.ts"
import type { Refusal } from "./Session.ts"

/** A frame by its envelope: the rest is for whoever handles its type. */
export interface ReadFrame {
  readonly type: string
  readonly id: FrameId | undefined
  readonly frame: object
}

/** Why a text is no frame, with the id to answer under, if one could be made out. */
export interface UnreadFrame {
  readonly id: FrameId | undefined
  readonly refusal: Refusal
}

const isFrameId = Schema.is(FrameId)
const maxFields = 10
const maxFieldName = 64

const invalid = (fields: ReadonlyArray<{ readonly field: string; readonly problem: string }>): Refusal => ({
  code: "invalid_frame",
  message: "a field of the frame is missing, unknown or malformed",
  fields: fields.slice(0, maxFields).map(({ field, problem }) => ({
    // A client's own field names come back to it; not 60 KB of them.
    field: field.slice(0, maxFieldName).toWellFormed(),
    problem
  }))
})

const notAnObject: Refusal = { code: "invalid_frame", message: "a frame is one JSON object" }

export const readFrame = (text: string): Result.Result<ReadFrame, UnreadFrame> => {
  const frame = parseJson(text)
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) {
    return Result.fail({ id: undefined, refusal: notAnObject })
  }
  const { id, type }: { id?: unknown; type?: unknown } = frame
  if (id !== undefined && !isFrameId(id)) {
    return Result.fail({
      id: undefined,
      refusal: invalid([{ field: "id", problem: "Expected a text of 1 to 64 characters" }])
    })
  }
  if (typeof type !== "string") {
    return Result.fail({ id, refusal: invalid([{ field: "type", problem: "Expected the name of a frame" }]) })
  }
  return Result.succeed({ type, id, frame })
}

const describe = SchemaIssue.makeFormatterStandardSchemaV1()

/** Reads the fields of one type of frame, all of them and no others; says of each what is wrong with it. */
export const fieldsOf = <A>(schema: Schema.Codec<A, unknown>) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (frame: object): Result.Result<A, Refusal> =>
    Result.mapError(decode(frame), ({ issue }) =>
      invalid(
        describe(issue).issues.map(({ message, path = [] }) => ({
          field: path.map((step) => String(typeof step === "object" ? step.key : step)).join("."),
          problem: message
        }))
      )
    )
}

export const invalidField = (field: string, problem: string): Refusal => invalid([{ field, problem }])
