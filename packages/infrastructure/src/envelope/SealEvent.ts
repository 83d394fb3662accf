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
  const content = draft.body
  const sealed = content === null ? null : sealBody(content, draft, key, nonce)
  const header: EventHeader = {
    v: 1,
    streamId: draft.streamId,
    streamPos: draft.streamPos,
    type: draft.type,
    schemaVersion: draft.schemaVersion,
    recordedAt: draft.recordedAt,
    actor: draft.actor,
    participants: draft.participants,
    keyId: sealed?.keyId ?? null,
    keyCommitment: sealed?.keyCommitment ?? null,
    bodyHash: sealed?.bodyHash ?? null,
    correlationId: draft.correlationId,
    causationId: draft.causationId,
    node: draft.node,
    client: draft.client,
    commandKey: draft.commandKey,
    ordinal: draft.ordinal,
    facts: draft.facts
  }
  const headerBytes = Buffer.from(JSON.stringify(header), "utf8")
  return {
    header,
    headerBytes,
    headerHash: hash("sha256", headerBytes, "buffer"),
    body: sealed?.body ?? null
  }
}
