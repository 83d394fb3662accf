import { Effect, Redacted, Schema } from "effect"
import * as SecretFile from "../keys/SecretFile.ts"

/** The file with the key of development sign-in cannot be used. It holds nothing of worth: removing it is safe. */
export class DevelopmentKeyUnusable extends Schema.TaggedError<DevelopmentKeyUnusable>()(
  "DevelopmentKeyUnusable",
  { path: Schema.String, detail: Schema.String, cause: Schema.optionalKey(Schema.Defect()) }
) {
  override get message() {
    return `the key of development sign-in, ${this.path}, ${this.detail}`
  }
}

const refusals = {
  inaccessible: "cannot be read or made",
  exposed: "may be read by other accounts; remove it and start again"
}

/** The key in the file `path` (mode 0600), made on first use: sign-ins outlive a restart and are never the same twice. */
export const open = Effect.fn("DevelopmentKey.open")(function* (path: string) {
  const unusable = (detail: string, cause?: unknown) =>
    new DevelopmentKeyUnusable({ path, detail, ...(cause !== undefined && { cause }) })
  const secret = yield* Effect.mapError(SecretFile.readOrMake(path), ({ cause, reason }) =>
    unusable(refusals[reason], cause)
  )
  const text = Redacted.value(secret)
  if (!/^[0-9a-f]{64}$/.test(text)) return yield* unusable("is damaged; remove it and start again")
  return Redacted.make(text, { label: "development key" })
})
