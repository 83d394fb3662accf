import { Effect, Redacted, Schema } from "effect"

/** The secret could be guessed, and whoever guesses it is anyone they like. The message never shows it. */
export class SecretUnusable extends Schema.TaggedError<SecretUnusable>()("SecretUnusable", {
  detail: Schema.String
}) {
  override get message() {
    return `JWT_SECRET ${this.detail}; make one with: openssl rand -base64 48`
  }
}

const minBytes = 32
// Left over from an example or a tutorial: the first thing an attacker tries.
const placeholder =
  /change[-_ ]?(me|this)|your[-_ ]?(\d+[-_ ]?bit[-_ ]?)?(jwt[-_ ]?)?secret|super[-_ ]?secret|example|placeholder|password|default|insecure|development/i
// 32 random hex digits have fewer than 8 different ones once in more than a million; "aaaa..." and "12341234..." do.
const minDistinct = 8

/** Bytes for HMAC-SHA-256: at least its own 32 (RFC 7518, section 3.2), and not from a tutorial. */
export const secretBytes = Effect.fnUntraced(function* (secret: Redacted.Redacted) {
  const text = Redacted.value(secret)
  const bytes = new TextEncoder().encode(text)
  if (bytes.length < minBytes) {
    return yield* new SecretUnusable({ detail: `has ${bytes.length} bytes; ${minBytes} are the least` })
  }
  if (placeholder.test(text)) return yield* new SecretUnusable({ detail: "is a placeholder" })
  if (new Set(text).size < minDistinct) return yield* new SecretUnusable({ detail: "repeats itself" })
  return bytes
})
