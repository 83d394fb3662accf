import { createHmac, hash } from "node:crypto"

const commitmentLabel = Buffer.from("indelible/event-key/1\0", "utf8")
const noSalt = new Uint8Array(32)
const firstBlock = Uint8Array.of(1)

/** What HKDF extracts from a content key is the same for all of its events; it goes when the key's bytes do. */
const extracted = new WeakMap<Uint8Array, Uint8Array>()

const extract = (contentKey: Uint8Array): Uint8Array => {
  const known = extracted.get(contentKey)
  if (known !== undefined) return known
  const made = createHmac("sha256", noSalt).update(contentKey).digest()
  extracted.set(contentKey, made)
  return made
}

/**
 * The key of one event: HKDF-SHA-256 (RFC 5869) of the content key with no salt and info = stream id, 0x00, position in
 * decimal. Given away, it opens that event and no other. Spelled out as its two HMACs, of which only the second is made
 * for each event: opening a log is twice as fast as with `hkdfSync`.
 */
export const eventKey = (contentKey: Uint8Array, streamId: string, streamPos: number): Uint8Array =>
  createHmac("sha256", extract(contentKey)).update(`${streamId}\0${streamPos}`).update(firstBlock).digest()

/**
 * Hex SHA-256 over a label and the event key. AES-GCM alone does not commit to its key: without this, one ciphertext
 * could be made that opens to two different texts under two keys.
 */
export const keyCommitment = (key: Uint8Array): string =>
  hash("sha256", Buffer.concat([commitmentLabel, key]))
