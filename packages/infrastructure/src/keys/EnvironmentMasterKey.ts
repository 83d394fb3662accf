import { Effect, Layer, Redacted, Result } from "effect"
import * as AesMasterKey from "./AesMasterKey.ts"
import { MasterKey, MasterKeyRefused } from "./MasterKey.ts"

const keyLength = 32

/** 32 random bytes have fewer distinct values than this once in 10^15; a typed or repeated phrase has. */
const fewestDistinctBytes = 16

const decode = (text: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex")
  // Buffer skips what is not base64, so a typing error would make another key: encode again and compare.
  const bytes = Buffer.from(text, "base64")
  const bare = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=$/, "")
  return bytes.length === keyLength && bytes.toString("base64").replace(/=$/, "") === bare ? bytes : undefined
}

/**
 * A master key written down: 32 bytes as 64 hexadecimal digits or as base64 (either alphabet, padded or not).
 *
 * @param place what the refusal names: the variable or the file
 */
export const parse = (
  text: Redacted.Redacted,
  place = "MASTER_KEY"
): Result.Result<Redacted.Redacted<Uint8Array>, MasterKeyRefused> => {
  const refuse = (detail: string) => Result.fail(new MasterKeyRefused({ place, detail }))
  const bytes = decode(Redacted.value(text).trim())
  if (bytes === undefined) {
    return refuse(
      "must be 32 bytes as 64 hexadecimal digits or base64; make one with `openssl rand -base64 32`"
    )
  }
  return new Set(bytes).size < fewestDistinctBytes
    ? refuse("is not random, so it can be guessed; make one with `openssl rand -base64 32`")
    : Result.succeed(Redacted.make(new Uint8Array(bytes), { label: place }))
}

/** The master key from configuration (`MASTER_KEY`), for several nodes or a secret store that sets the environment. */
export const layer = (text: Redacted.Redacted) =>
  Layer.effect(MasterKey, Effect.flatMap(Effect.fromResult(parse(text)), AesMasterKey.make))
