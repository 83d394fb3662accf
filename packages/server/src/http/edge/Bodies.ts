import {
  BodyTooLargeProblem,
  MalformedBodyProblem,
  UnsupportedMediaTypeProblem
} from "@indelible/api/problem/RequestProblems"
import { BodyRules } from "@indelible/api/problem/RequestRules"
import { ByteSize, Effect, Layer } from "effect"
import { HttpIncomingMessage, type HttpServerError, HttpServerRequest } from "effect/http"
import { parseJson } from "../../answers/ParseJson.ts"
import { refuse } from "../../answers/Refuse.ts"
import { nestsDeeperThan } from "./JsonDepth.ts"

/** Bytes of a body. 5,000 code points, each written as two `\uXXXX` escapes, and metadata fit. */
const largest = 64 * 1024
/** Levels of arrays and objects; no request of ours has more than three. */
export const deepest = 32

const tooLarge = refuse((common) => new BodyTooLargeProblem(common))
const unsupported = refuse((common) => new UnsupportedMediaTypeProblem(common))
const malformed = (detail: string) => refuse((common) => new MalformedBodyProblem({ ...common, detail }))

const utf8 = new TextDecoder("utf-8", { fatal: true })

const isJson = (request: HttpServerRequest.HttpServerRequest) =>
  /^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "") &&
  request.headers["content-encoding"] === undefined

const unread = ({
  reason
}: HttpServerError.HttpServerError): Effect.Effect<never, BodyTooLargeProblem | MalformedBodyProblem> =>
  reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge"
    ? tooLarge
    : malformed("it did not arrive whole")

/** The body's JSON; undefined, which no JSON is, without a body. */
export const bodyJson = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  if (Number(request.headers["content-length"] ?? 0) > largest) return yield* tooLarge
  const bytes = yield* Effect.catch(request.arrayBuffer, unread)
  if (bytes.byteLength === 0) return undefined
  if (!isJson(request)) return yield* unsupported
  const text = yield* Effect.catch(
    Effect.try({ try: () => utf8.decode(bytes), catch: () => "not UTF-8" }),
    () => malformed("it is not UTF-8")
  )
  if (nestsDeeperThan(text, deepest)) return yield* malformed(`it nests deeper than ${deepest} levels`)
  const json = parseJson(text)
  return json === undefined ? yield* malformed("it is not one JSON value") : json
}).pipe(Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(largest)))

/**
 * Reads bodies and refuses those that are too large, not JSON or not UTF-8, before any schema sees them. The request
 * keeps what was read for the schemas behind.
 */
export const layer = Layer.succeed(BodyRules, (request) => Effect.andThen(bodyJson, request))
