import { hash, hkdfSync } from "node:crypto"

const commitmentLabel = Buffer.from("indelible/event-key/1\0", "utf8")
const noSalt = new Uint8Array(0)

/**
 * The key of one event: HKDF-SHA-256 (RFC 5869) of the content key with info = stream id, 0x00, position in decimal.
 * Given away, it opens that event and no other.
 */
export const eventKey = (contentKey: Uint8Array, streamId: string, streamPos: number): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", contentKey, noSalt, `${streamId}\0${streamPos}`, 32))

/**
 * Hex SHA-256 over a label and the event key. AES-GCM alone does not commit to its key: without this, one ciphertext
 * could be made that opens to two different texts under two keys.
 */
export const keyCommitment = (key: Uint8Array): string =>
  hash("sha256", Buffer.concat([commitmentLabel, key]))
