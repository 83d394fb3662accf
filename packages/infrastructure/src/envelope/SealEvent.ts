import { hash } from "node:crypto"
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

const sealBody = (content: unknown, draft: Draft, key: ContentKey | null, nonce: Uint8Array) => {
  if (key === null) throw new Error("content needs a key; ask for one before deciding")
  const derived = eventKey(key.bytes, draft.streamId, draft.streamPos)
  const body = encryptBody(content, derived, nonce, { ...draft, keyId: key.keyId })
  return { body, keyId: key.keyId, keyCommitment: keyCommitment(derived), bodyHash: bodyHash(body) }
}

/**
 * Makes the two parts that are stored: the header's exact bytes with their hash, and the encrypted body. The order of
 * the header's fields is the order they are written in here. Only an event without content may do without a key.
 */
export const sealEvent = (draft: Draft, key: ContentKey | null, nonce: Uint8Array): SealedEvent => {
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
  const sealed = content === null ? null : sealBody(content, draft, key, nonce)
  const header: EventHeader = {
    v: 1,
    streamId: place.streamId,
    streamPos: place.streamPos,
    type: place.type,
    schemaVersion: place.schemaVersion,
    recordedAt: place.recordedAt,
    actor: place.actor,
    participants: place.participants,
    keyId: sealed?.keyId ?? null,
    keyCommitment: sealed?.keyCommitment ?? null,
    bodyHash: sealed?.bodyHash ?? null,
    correlationId,
    causationId,
    node,
    client,
    commandKey,
    ordinal,
    facts
  }
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8")
  return {
    header,
    headerBytes,
    headerHash: hash("sha256", headerBytes, "buffer"),
    body: sealed?.body ?? null
  }
}
