import { createHash } from "node:crypto"
import type { ContentKey } from "@indelible/application/keys/KeyVault"
import type { EventHeader } from "@indelible/application/store/EventHeader"
import { bodyHash, encryptBody } from "./Body.ts"
import { eventKey, keyCommitment } from "./EventKey.ts"

/** Everything about an event that is known before its content is encrypted. */
export interface Draft extends Omit<EventHeader, "v" | "keyId" | "keyCommitment" | "bodyHash"> {
  /** Null for an event without content. */
  readonly body: unknown
}

export interface SealedEvent {
  readonly header: EventHeader
  readonly headerBytes: Uint8Array
  readonly headerHash: Uint8Array
  readonly body: Uint8Array | null
}

/**
 * Makes the two parts that are stored: the header's exact bytes with their hash, and the encrypted body. The order of
 * the header's fields is the order they are written in here.
 */
export const sealEvent = (draft: Draft, key: ContentKey, nonce: Uint8Array): SealedEvent => {
  const {
    body: content,
    facts,
    correlationId,
    causationId,
    node,
    client,
    commandKey,
    ordinal,
    ...place
  } = draft
  const derived = content === null ? null : eventKey(key.bytes, draft.streamId, draft.streamPos)
  const body = derived === null ? null : encryptBody(content, derived, nonce, { ...draft, keyId: key.keyId })
  const header: EventHeader = {
    v: 1,
    streamId: place.streamId,
    streamPos: place.streamPos,
    type: place.type,
    schemaVersion: place.schemaVersion,
    recordedAt: place.recordedAt,
    actor: place.actor,
    participants: place.participants,
    keyId: derived === null ? null : key.keyId,
    keyCommitment: derived === null ? null : keyCommitment(derived),
    bodyHash: body === null ? null : bodyHash(body),
    correlationId,
    causationId,
    node,
    client,
    commandKey,
    ordinal,
    facts
  }
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8")
  return { header, headerBytes, headerHash: createHash("sha256").update(headerBytes).digest(), body }
}
