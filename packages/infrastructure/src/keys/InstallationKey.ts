import { createHmac } from "node:crypto"
import { Context, Redacted } from "effect"

/**
 * 32 random bytes that every node of one installation shares and that never change: ids and look-up hashes are
 * computed with them, so a second key would make a second id for the same thing. They are used, never handed out.
 */
export class InstallationKey extends Context.Service<
  InstallationKey,
  {
    /**
     * HMAC-SHA-256(installation key, `purpose` 0x00 `message`), both in UTF-8. `purpose` is a constant without 0x00
     * and keeps what is made for one use from meaning anything in another.
     */
    readonly mac: (purpose: string, message: string) => Uint8Array
  }
>()("@indelible/infrastructure/keys/InstallationKey") {}

export const make = (key: Redacted.Redacted<Uint8Array>) =>
  InstallationKey.of({
    mac: (purpose, message) =>
      createHmac("sha256", Redacted.value(key)).update(`${purpose}\0${message}`, "utf8").digest()
  })
