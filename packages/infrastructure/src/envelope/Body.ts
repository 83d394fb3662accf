import { createCipheriv, createDecipheriv, hash } from "node:crypto"
import type { EventHeader } from "@indelible/application/store/EventHeader"

export const nonceLength = 12
const tagLength = 16

/** What the ciphertext is bound to: moved under another header, it does not open. */
type BoundTo = Pick<EventHeader, "streamId" | "streamPos" | "type" | "schemaVersion"> & {
  readonly keyId: string
}

const associatedData = (at: BoundTo) =>
  Buffer.from(`${at.streamId}/${at.streamPos}/${at.type}/${at.schemaVersion}/${at.keyId}`, "utf8")

/** nonce (12), AES-256-GCM ciphertext of the content's JSON in UTF-8, tag (16). `nonce` must be fresh for the key. */
export const encryptBody = (
  content: unknown,
  key: Uint8Array,
  nonce: Uint8Array,
  at: BoundTo
): Uint8Array => {
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  cipher.setAAD(associatedData(at))
  const ciphertext = cipher.update(JSON.stringify(content), "utf8")
  cipher.final()
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
}

/** The content as JSON, or undefined when the body was changed or belongs elsewhere. */
export const decryptBody = (body: Uint8Array, key: Uint8Array, at: BoundTo): unknown => {
  if (body.length < nonceLength + tagLength) return undefined
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, nonceLength))
    decipher.setAAD(associatedData(at))
    decipher.setAuthTag(body.subarray(body.length - tagLength))
    const text = decipher.update(body.subarray(nonceLength, body.length - tagLength), undefined, "utf8")
    return JSON.parse(text + decipher.final("utf8"))
  } catch {
    // node:crypto throws when the tag does not match; there is nothing more to know about it.
    return undefined
  }
}

export const bodyHash = (body: Uint8Array): string => hash("sha256", body)
