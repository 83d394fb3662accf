import { Effect, Option, Schema } from "effect"
import { ClientError } from "../ClientError.ts"
import { type Tokens, withoutToken } from "../connection/Tokens.ts"

/** Milliseconds for an answer. */
const PATIENCE = 15_000
/** Milliseconds before a read is asked again that came too early, or met a part of the service that was away. */
const AGAIN = [300, 1_000] as const

const Problem = Schema.Struct({
  code: Schema.String,
  title: Schema.optionalKey(Schema.String),
  detail: Schema.optionalKey(Schema.String)
})
const decodeProblem = Schema.decodeUnknownOption(Problem)

type Query = Readonly<Record<string, string | number | undefined>>

const refusal = (response: Response, body: unknown) => {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN)
  const problem = Option.getOrUndefined(decodeProblem(body))
  return new ClientError(
    problem?.code ?? (response.status === 401 ? "signed_out" : "internal_error"),
    [problem?.title ?? `the service answered ${response.status}`, problem?.detail].filter(Boolean).join(": "),
    { retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null }
  )
}

/** Requests over HTTP, for what is asked for rather than told. Each fails with a `ClientError` that says why. */
export class Rest {
  readonly #origin: string
  readonly #tokens: Tokens

  constructor(origin: string, tokens: Tokens) {
    this.#origin = origin
    this.#tokens = tokens
  }

  #fetch(method: string, path: string, token: string, body: unknown) {
    return Effect.tryPromise({
      try: async (signal) => {
        const response = await fetch(`${this.#origin}${path}`, {
          method,
          signal,
          headers: {
            authorization: `Bearer ${token}`,
            ...(body !== undefined && { "content-type": "application/json" })
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          cache: "no-store",
          credentials: "omit"
        })
        // A proxy's page is no JSON, and says nothing that its status does not.
        return { response, json: await response.json().catch((): unknown => undefined) }
      },
      catch: (cause) => new ClientError("offline", "the service was not reached", { cause })
    }).pipe(
      Effect.timeoutOrElse({
        duration: PATIENCE,
        orElse: () => Effect.fail(new ClientError("timed_out", `no answer to ${method} ${path} in time`))
      })
    )
  }

  #ask<A>(answer: Schema.ConstraintDecoder<A>, method: string, path: string, body?: unknown) {
    const decode = Schema.decodeUnknownEffect(answer)
    const token = (refused?: string) => Effect.mapError(this.#tokens.get(refused), withoutToken)
    return Effect.gen({ self: this }, function* () {
      const first = yield* token()
      let answered = yield* this.#fetch(method, path, first, body)
      if (answered.response.status === 401) {
        answered = yield* this.#fetch(method, path, yield* token(first), body)
      }
      if (!answered.response.ok) return yield* Effect.fail(refusal(answered.response, answered.json))
      return yield* Effect.mapError(
        decode(answered.json),
        (cause) =>
          new ClientError("internal_error", `the answer to ${method} ${path} is not as agreed`, { cause })
      )
    })
  }

  get<A>(
    answer: Schema.ConstraintDecoder<A>,
    path: string,
    query: Query = {}
  ): Effect.Effect<A, ClientError> {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]]
    )
    const whole = given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
    const ask = this.#ask(answer, "GET", whole)
    const again = (rest: ReadonlyArray<number>): Effect.Effect<A, ClientError> =>
      Effect.catch(ask, (error) => {
        const [wait, ...later] = rest
        const passes = error.code === "unavailable" || error.code === "not_yet_fresh"
        return wait !== undefined && passes
          ? Effect.andThen(Effect.sleep(wait), again(later))
          : Effect.fail(error)
      })
    return again(AGAIN)
  }

  /** Not repeated: whoever asks knows whether it may be done twice. */
  write<A>(
    answer: Schema.ConstraintDecoder<A>,
    method: "POST" | "PATCH",
    path: string,
    body?: unknown
  ): Effect.Effect<A, ClientError> {
    return this.#ask(answer, method, path, body)
  }
}
