import { createCipheriv, createDecipheriv, createHmac } from "node:crypto"
import { Effect, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { MasterKey, MasterKeyError } from "./MasterKey.ts"

const version = 1
const idLength = 8
const nonceLength = 12
const tagLength = 16
const headLength = 1 + idLength + nonceLength

const keyIdOf = (key: Uint8Array) =>
  createHmac("sha256", key).update("indelible/master-key-id/1").digest().subarray(0, idLength)

const failure = (reason: MasterKeyError["reason"], detail: string) =>
  Effect.fail(new MasterKeyError({ reason, detail }))

/**
 * A master key held in this process, 32 bytes. Wrapped form: version (1 byte, 0x01), id of the master key (8, the
 * start of HMAC-SHA-256(key, "indelible/master-key-id/1")), nonce (12), AES-256-GCM ciphertext, tag (16). Version, id
 * and the context's UTF-8 are the associated data.
 */
export const make = Effect.fn("AesMasterKey.make")(function* (secret: Redacted.Redacted<Uint8Array>) {
  const random = yield* SecureRandom.SecureRandom
  const key = Redacted.value(secret)
  const id = keyIdOf(key)
  const prefix = Buffer.concat([Buffer.of(version), id])
  const associatedData = (context: string) => Buffer.concat([prefix, Buffer.from(context, "utf8")])

  return MasterKey.of({
    keyId: id.toString("hex"),
    wrap: Effect.fnUntraced(function* (plain, context) {
      const nonce = yield* random.randomBytes(nonceLength)
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(associatedData(context))
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([prefix, nonce, ciphertext, cipher.getAuthTag()])
    }),
    unwrap: (wrapped, context) => {
      const bytes = Buffer.from(wrapped)
      if (bytes.length < headLength + tagLength || bytes[0] !== version) {
        return failure("damaged", `what should be the wrapped ${context} is not in a form this program knows`)
      }
      const wrappedBy = bytes.subarray(1, 1 + idLength)
      if (!wrappedBy.equals(id)) {
        return failure(
          "other-key",
          `${context} was wrapped by master key ${wrappedBy.toString("hex")}, but this program was given ` +
            `${id.toString("hex")}; start it with the master key that the database was made with`
        )
      }
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1 + idLength, headLength))
          .setAAD(associatedData(context))
          .setAuthTag(bytes.subarray(bytes.length - tagLength))
        const plain = decipher.update(bytes.subarray(headLength, bytes.length - tagLength))
        return Effect.succeed<Uint8Array>(Buffer.concat([plain, decipher.final()]))
      } catch {
        // node:crypto throws when the tag does not match; there is nothing more to know about it.
        return failure("damaged", `the wrapped ${context} was changed, or belongs to something else`)
      }
    }
  })
})
