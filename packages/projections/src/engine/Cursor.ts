import { Effect, Schema } from "effect"

/** The cursor is not one of ours, or was given out for another user, list or filter. */
export class BadCursor extends Schema.TaggedError<BadCursor>()("BadCursor", {}) {
  override get message() {
    return "this cursor does not belong to this list; begin again without one"
  }
}

/** No cursor of ours is longer; what is gets no further look. */
const longest = 1_000

/**
 * Cursors of one list, opaque to clients: base64url of JSON with a version, the scope they were given out for, and the
 * place. They hold nothing secret and grant nothing: whoever shows one is authorised as without it.
 */
export const cursorsOf = <Place>(list: string, place: Schema.Codec<Place, unknown>) => {
  const Contents = Schema.Struct({ v: Schema.Literal(1), scope: Schema.String, place })
  const Opaque = Schema.String.check(Schema.isMaxLength(longest)).pipe(
    Schema.decodeTo(Schema.StringFromBase64Url),
    Schema.decodeTo(Schema.fromJsonString(Contents))
  )
  const decode = Schema.decodeUnknownEffect(Opaque)
  const encode = Schema.encodeSync(Opaque)
  const scopeOf = (user: string, filter: string) => `${list}/${user}/${filter}`
  return {
    encode: (user: string, filter: string, at: Place): string =>
      encode({ v: 1, scope: scopeOf(user, filter), place: at }),
    decode: (user: string, filter: string, cursor: string): Effect.Effect<Place, BadCursor> =>
      decode(cursor).pipe(
        Effect.filterOrFail(
          ({ scope }) => scope === scopeOf(user, filter),
          () => new BadCursor()
        ),
        Effect.mapBoth({ onSuccess: (contents) => contents.place, onFailure: () => new BadCursor() })
      )
  }
}
