import { Duration, Effect, Schema } from "effect"
import { createLocalJWKSet, type JSONWebKeySet } from "jose"

/** The key endpoint gave no usable answer. `detail` says what was wrong with it and shows nothing of what it sent. */
export class KeySetUnavailable extends Schema.TaggedError<KeySetUnavailable>()("KeySetUnavailable", {
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message() {
    return `the key endpoint is of no use now: ${this.detail}`
  }
}

export interface KeySet {
  readonly size: number
  readonly keyFor: ReturnType<typeof createLocalJWKSet>
}

export interface KeySetLimits {
  /** For the whole answer, body included. */
  readonly timeout: Duration.Duration
  readonly maxBytes: number
}

const maxKeys = 100

const JsonWebKeySet = Schema.fromJsonString(
  Schema.Struct({ keys: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)) })
)

const unusable = (detail: string, cause?: unknown) =>
  new KeySetUnavailable({ detail, ...(cause !== undefined && { cause }) })

const readBody = async (response: Response, maxBytes: number) => {
  const chunks: Array<Uint8Array> = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    // Leaving the loop cancels the download, however much is still to come.
    if (bytes > maxBytes) throw unusable(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const download = (url: URL, limits: KeySetLimits) =>
  Effect.tryPromise({
    try: async (signal) => {
      // A redirect would let whoever can plant one choose our keys.
      const response = await fetch(url, {
        redirect: "error",
        signal,
        headers: { accept: "application/jwk-set+json, application/json" }
      })
      if (response.status !== 200) {
        await response.body?.cancel()
        throw unusable(`it answered ${response.status}`)
      }
      return await readBody(response, limits.maxBytes)
    },
    catch: (cause) => (cause instanceof KeySetUnavailable ? cause : unusable("it cannot be reached", cause))
  }).pipe(
    Effect.timeoutOrElse({
      duration: limits.timeout,
      orElse: () => Effect.fail(unusable(`no whole answer within ${Duration.format(limits.timeout)}`))
    })
  )

/** Asks the endpoint once (RFC 7517). An empty set is an answer: every key was withdrawn. */
export const fetchKeySet = Effect.fn("KeySet.fetch")(function* (url: URL, limits: KeySetLimits) {
  const text = yield* download(url, limits)
  const { keys } = yield* Schema.decodeUnknownEffect(JsonWebKeySet)(text).pipe(
    Effect.mapError(() => unusable("the answer is not a JSON Web Key Set"))
  )
  if (keys.length > maxKeys) return yield* unusable(`the answer has more than ${maxKeys} keys`)
  const set: JSONWebKeySet = { keys: keys.map((key) => ({ ...key })) }
  return { size: keys.length, keyFor: createLocalJWKSet(set) } satisfies KeySet
})
