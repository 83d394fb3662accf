import { PositionToken } from "@indelible/application/store/PositionToken"
import { Effect, Schema } from "effect"
import { HttpApiSchema } from "effect/http-api"
import { invalid } from "./Refusals.ts"

const Opaque = Schema.StringFromBase64Url.pipe(Schema.decodeTo(Schema.fromJsonString(PositionToken)))
const decode = Schema.decodeUnknownEffect(Opaque)

/** How clients carry a position: base64url of JSON, opaque to them. */
export const positionText = Schema.encodeSync(Opaque)

/** The body and the header of a write's answer carry the same position. */
export const withPosition = <Body extends { readonly token: string }>(body: Body) =>
  HttpApiSchema.withHeaders({ body, headers: { "indelible-position": body.token } })

/** What a read is asked to be at least as fresh as, if anything. */
export const askedPosition = Effect.fnUntraced(function* (headers: {
  readonly "indelible-position"?: string
}) {
  const text = headers["indelible-position"]
  if (text === undefined) return undefined
  return yield* Effect.catchTag(decode(text), "SchemaError", () =>
    invalid(["headers", "indelible-position"], "Expected a position as a write answered it")
  )
})
