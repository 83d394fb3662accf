import { ConversationIds } from "@indelible/application/conversation/ConversationIds"
import { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Layer } from "effect"
import { InstallationKey } from "./InstallationKey.ts"

/**
 * Conversation ids. Exactly: take HMAC-SHA-256 with the installation key over the UTF-8 of
 * `conversation-id` 0x00 application id 0x00 lesser subject id 0x00 greater subject id
 * (subject ids as text, compared as ASCII), keep the first 16 bytes, set the high four bits of byte 6 to 1000 (version
 * 8) and the high two bits of byte 8 to 10 (variant), and write them as a UUID (RFC 9562, 5.8) in lower case. Subject
 * ids have 36 characters each, so no two inputs give the same bytes.
 */
export const layer = Layer.effect(
  ConversationIds,
  Effect.map(InstallationKey, (installation) =>
    ConversationIds.of({
      idFor: (applicationId, one, other) => {
        const [lesser, greater] = one < other ? [one, other] : [other, one]
        const mac = installation.mac("conversation-id", `${applicationId}\0${lesser}\0${greater}`)
        const bytes = Buffer.from(mac.subarray(0, 16))
        bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
        bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
        const hex = bytes.toString("hex")
        return ConversationId.make(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"))
      }
    })
  )
)
