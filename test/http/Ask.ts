import { Option, Schema } from "effect"

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is, instead of a body as JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  /** Gives it up. */
  readonly signal?: AbortSignal
}

const Problem = Schema.Struct({
  code: Schema.String,
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  correlationId: Schema.String,
  detail: Schema.optionalKey(Schema.String),
  errors: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
        message: Schema.String
      })
    )
  )
})
export type Problem = typeof Problem.Type

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
  /** The body as the contract has it; throws when it is something else. */
  readonly as: <A>(schema: Schema.Codec<A, unknown>) => A
  /** Its problem; throws when the answer is none. */
  readonly problem: () => Problem
  /** `200`, or `404 conversation_not_found`. */
  readonly outcome: string
}

const jsonOf = (text: string): unknown =>
  Option.getOrNull(Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))(text))

/** One request over HTTP. */
export const ask = async (
  origin: string,
  method: string,
  path: string,
  body?: unknown,
  { headers = {}, raw, signal }: AskOptions = {}
): Promise<Answer> => {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: "manual",
    ...(signal && { signal }),
    headers: { ...(sent !== undefined && { "content-type": "application/json" }), ...headers },
    ...(sent !== undefined && { body: sent })
  })
  const text = await response.text()
  const json = jsonOf(text)
  const isProblem = response.headers.get("content-type") === "application/problem+json"
  const problem = () => Schema.decodeUnknownSync(Problem)(isProblem ? json : null)
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    as: (schema) => Schema.decodeUnknownSync(schema)(json),
    problem,
    outcome: isProblem ? `${response.status} ${problem().code}` : String(response.status)
  }
}
