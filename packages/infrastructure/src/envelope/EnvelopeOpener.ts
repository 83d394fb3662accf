import { type ContentKey, KeyVault } from "@indelible/application/keys/KeyVault"
import { EventOpener } from "@indelible/application/store/EventOpener"
import type { StoredEvent } from "@indelible/application/store/StoredEvent"
import { readEvent } from "@indelible/domain/event/EventCatalogue"
import { UnreadableEvent } from "@indelible/domain/event/EventDefinition"
import { Effect, Layer, Result } from "effect"
import { bodyHash, decryptBody } from "./Body.ts"
import { eventKey, keyCommitment } from "./EventKey.ts"

/**
 * The content of a stored event: null when it has none or its key is gone. A body that is as it was stored, but under
 * another key than the vault has by that name, is out of reach: the vault's row was replaced by hand, for the vault
 * itself never uses a name twice. To call that damage would halt every reader for good.
 */
const contentOf = (
  { body, header }: StoredEvent,
  keys: ReadonlyMap<string, ContentKey>,
  replaced: (keyId: string) => void
): Result.Result<unknown, UnreadableEvent> => {
  const damaged = () =>
    new UnreadableEvent({ type: header.type, schemaVersion: header.schemaVersion, reason: "malformed" })
  if (header.keyId === null) return body === null ? Result.succeed(null) : Result.fail(damaged())
  if (body === null || header.keyCommitment === null || bodyHash(body) !== header.bodyHash) {
    return Result.fail(damaged())
  }
  const contentKey = keys.get(header.keyId)
  if (contentKey === undefined) return Result.succeed(null)
  const key = eventKey(contentKey.bytes, header.streamId, header.streamPos)
  if (keyCommitment(key) !== header.keyCommitment) {
    replaced(header.keyId)
    return Result.succeed(null)
  }
  const content = decryptBody(body, key, { ...header, keyId: header.keyId })
  return content === undefined ? Result.fail(damaged()) : Result.succeed(content)
}

const tellReplaced = (keyId: string) =>
  Effect.logError(
    `content key ${keyId} is not the one that older events were written under, so their content reads as forgotten. ` +
      "The vault was probably restored from an older backup, and the key made anew. To have that content back, bring " +
      "the vault's row of this key back from a newer backup, restart, and rebuild the read models"
  )

export const layer = Layer.effect(
  EventOpener,
  Effect.gen(function* () {
    const vault = yield* KeyVault
    /** Keys that were told of: every read would tell again. */
    const told = new Set<string>()
    return EventOpener.of({
      open: Effect.fnUntraced(function* (catalogue, events) {
        const keyIds = new Set(events.flatMap(({ header }) => (header.keyId === null ? [] : [header.keyId])))
        const keys = keyIds.size === 0 ? new Map<string, ContentKey>() : yield* vault.open([...keyIds])
        const replaced = new Set<string>()
        const opened = events.map((stored) =>
          Result.flatMap(
            contentOf(stored, keys, (keyId) => replaced.add(keyId)),
            (content) =>
              readEvent(
                catalogue,
                stored.header.type,
                stored.header.schemaVersion,
                stored.header.facts,
                content
              )
          )
        )
        for (const keyId of replaced) {
          if (told.has(keyId)) continue
          told.add(keyId)
          yield* tellReplaced(keyId)
        }
        return opened
      })
    })
  })
)
