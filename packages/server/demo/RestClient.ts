import { setTimeout as sleep } from "node:timers/promises"
import { Result, Schema } from "effect"
import { DemoFailure, PATIENCE } from "./DemoFailure.ts"

type Method = "GET" | "POST" | "PUT" | "PATCH"

interface Asked {
  readonly body?: object
  /** The `token` of a write that the answer has to include. */
  readonly position?: string
}

const Problem = Schema.Struct({ code: Schema.String, title: Schema.optionalKey(Schema.String) })
const problemOf = Schema.decodeUnknownResult(Problem)

/** Problems that pass: the same request is good again after `Retry-After` seconds. */
const passing = new Set(["busy", "overloaded", "unavailable", "outcome_unknown", "not_yet_fresh"])

const attempt = async (url: URL, request: RequestInit) => {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE) })
    const answer: unknown = await response.json().catch(() => undefined)
    return { response, answer }
  } catch {
    throw new DemoFailure(
      `Nothing answers at ${url.origin}. Start the service with \`npm start\`, then try again.`
    )
  }
}

/** The REST interface as any program uses it: `fetch`, JSON and a bearer token. */
export class RestClient {
  readonly #origin: URL
  readonly #token: string | undefined

  constructor(origin: URL, token?: string) {
    this.#origin = origin
    this.#token = token
  }

  /** Asks until there is an answer other than "try again", and reads it. */
  async ask<A>(
    schema: Schema.Codec<A, unknown>,
    method: Method,
    path: string,
    asked: Asked = {}
  ): Promise<A> {
    const { body, position } = asked
    const request = {
      method,
      headers: {
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(position !== undefined && { "indelible-position": position })
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    }
    const patientUntil = Date.now() + PATIENCE
    for (;;) {
      const { answer, response } = await attempt(new URL(path, this.#origin), request)
      if (response.ok) {
        const read = Schema.decodeUnknownResult(schema)(answer)
        if (Result.isSuccess(read)) return read.success
        throw new DemoFailure(`${method} ${path} answered something unexpected: ${read.failure}`)
      }
      const problem = Result.getOrUndefined(problemOf(answer))
      if (path.startsWith("/development/") && response.status === 404) {
        throw new DemoFailure(
          "This service takes real tokens. Start one without JWT_SECRET and JWT_JWKS_URL for the demo."
        )
      }
      if (problem === undefined || !passing.has(problem.code) || Date.now() > patientUntil) {
        const told = problem === undefined ? "" : ` ${problem.code} (${problem.title})`
        throw new DemoFailure(`${method} ${path} was answered with ${response.status}${told}`)
      }
      await sleep(1_000 * Number(response.headers.get("retry-after") ?? "1"))
    }
  }
}
