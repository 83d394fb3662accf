import { Effect } from "effect"
import { HttpApiSchema } from "effect/http-api"
import { positionOf } from "../answers/Positions.ts"
import { invalid } from "../answers/Refusals.ts"

/** The body and the header of a write's answer carry the same position. */
export const withPosition = <Body extends { readonly token: string }>(body: Body) =>
  HttpApiSchema.withHeaders({ body, headers: { "indelible-position": body.token } })

/** What a read is asked to be at least as fresh as, if anything. */
export const askedPosition = Effect.fnUntraced(function* (headers: {
  readonly "indelible-position"?: string
}) {
  const text = headers["indelible-position"]
  if (text === undefined) return undefined
  return yield* Effect.catchTag(positionOf(text), "SchemaError", () =>
    invalid(["headers", "indelible-position"], "Expected a position as a write answered it")
  )
})
