import { timingSafeEqual } from "node:crypto"
import { type ContentKey, KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { Effect, Layer, Result } from "effect"
import { bodyHash, decryptBody } from "./Body.ts"
import { eventKey, keyCommitment } from "./EventKey.ts"

const sameHex = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** The content of a stored event: null when it has none or its key is gone. */
const contentOf = (
  { body, header }: StoredEvent,
  keys: ReadonlyMap<string, ContentKey>
): Result.Result<unknown, UnreadableEvent> => {
  const damaged = () =>
    new UnreadableEvent({ type: header.type, schemaVersion: header.schemaVersion, reason: "malformed" })
  if (header.keyId === null) return body === null ? Result.succeed(null) : Result.fail(damaged())
  if (body === null || !sameHex(bodyHash(body), header.bodyHash ?? "")) return Result.fail(damaged())
  const contentKey = keys.get(header.keyId)
  if (contentKey === undefined) return Result.succeed(null)
  const key = eventKey(contentKey.bytes, header.streamId, header.streamPos)
  if (!sameHex(keyCommitment(key), header.keyCommitment ?? "")) return Result.fail(damaged())
  const content = decryptBody(body, key, { ...header, keyId: header.keyId })
  return content === undefined ? Result.fail(damaged()) : Result.succeed(content)
}

export const layer = Layer.effect(
  EventOpener,
  Effect.gen(function* () {
    const vault = yield* KeyVault
    return EventOpener.of({
      open: Effect.fnUntraced(function* (catalogue, events) {
        const keyIds = new Set(events.flatMap(({ header }) => (header.keyId === null ? [] : [header.keyId])))
        const keys = keyIds.size === 0 ? new Map<string, ContentKey>() : yield* vault.open([...keyIds])
        return events.map((stored) =>
          Result.flatMap(contentOf(stored, keys), (content) =>
            readEvent(
              catalogue,
              stored.header.type,
              stored.header.schemaVersion,
              stored.header.facts,
              content
            )
          )
        )
      })
    })
  })
)
