import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as AesMasterKey from "./AesMasterKey.ts"
import { parse } from "./EnvironmentMasterKey.ts"
import { MasterKey, MasterKeyRefused } from "./MasterKey.ts"
import * as SecretFile from "./SecretFile.ts"

const fileName = "master-key"

const refusals = {
  inaccessible: "cannot be read or made",
  exposed: "may be read by other accounts; if nobody has, close it with chmod 600"
}

/**
 * The master key of a service on embedded parts: the file `master-key` (mode 0600, hexadecimal) in its data folder,
 * made on first use. Whoever has the file and a copy of the database can read everything, and without the file nobody
 * can: back it up apart from the data.
 */
export const layer = (dataDir: string) =>
  Layer.effect(
    MasterKey,
    Effect.gen(function* () {
      const place = join(dataDir, fileName)
      const refuse = (detail: string, cause?: unknown) =>
        new MasterKeyRefused({ place, detail, ...(cause === undefined ? {} : { cause }) })
      const text = yield* Effect.mapError(SecretFile.readOrMake(place), ({ cause, reason }) =>
        refuse(refusals[reason], cause)
      )
      const key = yield* Effect.mapError(Effect.fromResult(parse(text, place)), () =>
        refuse("is damaged; restore it from a backup, for a new key opens nothing that exists")
      )
      return yield* AesMasterKey.make(key)
    })
  )
