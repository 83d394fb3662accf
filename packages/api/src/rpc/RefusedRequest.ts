import { Effect, Option, Result, Schema } from "effect"
import { HttpClientResponse } from "effect/http"
import { anyCallsProblem } from "./CallRules.ts"

const problemOf = Schema.decodeUnknownOption(Schema.toCodecJson(anyCallsProblem))
const idOf = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ id: Schema.Union([Schema.String, Schema.Number]) }))
)

const idIn = ({ request: { body } }: HttpClientResponse.HttpClientResponse) =>
  body._tag === "Uint8Array" ? idOf(new TextDecoder().decode(body.body)) : Option.none()

/**
 * A node that is full, or stops, answers as over REST, by a status, before it looks at a call. Makes the answer to the
 * call of it where it says what any call may be refused with; all else is no answer.
 */
export const asAnswer = Effect.fnUntraced(function* (response: HttpClientResponse.HttpClientResponse) {
  if (response.status === 200) return response
  const json = yield* Effect.result(response.json)
  const refused = Result.isSuccess(json) && Option.isSome(problemOf(json.success))
  const call = idIn(response)
  if (!refused || Option.isNone(call)) return response
  const error = { _tag: "Cause", code: response.status, data: [{ _tag: "Fail", error: json.success }] }
  const answer = { jsonrpc: "2.0", id: call.value.id, error: { ...error, message: "refused" } }
  return HttpClientResponse.fromWeb(response.request, Response.json(answer))
})
