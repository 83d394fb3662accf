import { createHmac, timingSafeEqual } from "node:crypto"

// version (1), sender (8), what is sent, MAC (16) over all that is before it.
const version = 1
export const senderBytes = 8
const macBytes = 16
const head = 1 + senderBytes

/** What came, and that one of ours sent it; or why it is not for us. */
export type Opened =
  | { readonly _tag: "Ours" }
  | { readonly _tag: "Dropped"; readonly reason: "version" | "forged" }
  | { readonly _tag: "FromOther"; readonly content: Buffer }

/**
 * Seals what this node sends to the others, and opens what they send. Whoever gets into Redis could otherwise show
 * people what never happened: not every event has content, and only content shows by itself that it was not made up.
 *
 * @param key shared by the nodes of one installation
 * @param sender this node, at random for each start
 */
export const liveEnvelope = (key: Uint8Array, sender: Uint8Array) => {
  const mac = (bytes: Uint8Array) => createHmac("sha256", key).update(bytes).digest().subarray(0, macBytes)
  return {
    seal: (content: ReadonlyArray<Uint8Array>): Buffer => {
      const sealed = Buffer.concat([Uint8Array.of(version), sender, ...content])
      return Buffer.concat([sealed, mac(sealed)])
    },
    open: (payload: Buffer): Opened => {
      if (payload[0] !== version) return { _tag: "Dropped", reason: "version" }
      const end = payload.length - macBytes
      if (end < head || !timingSafeEqual(mac(payload.subarray(0, end)), payload.subarray(end))) {
        return { _tag: "Dropped", reason: "forged" }
      }
      return payload.subarray(1, head).equals(sender)
        ? { _tag: "Ours" }
        : { _tag: "FromOther", content: payload.subarray(head, end) }
    }
  }
}
