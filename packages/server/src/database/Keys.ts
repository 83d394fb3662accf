import * as EnvironmentMasterKey from "@indelible/infrastructure/keys/EnvironmentMasterKey"
import * as LocalMasterKey from "@indelible/infrastructure/keys/LocalMasterKey"
import * as PgKeyVault from "@indelible/infrastructure/postgres/PgKeyVault"
import { Layer, Option } from "effect"
import type { Settings } from "../settings/Settings.ts"

/** The key over all keys: from the environment, or a file in the data folder. */
export const masterKey = ({ dataDir, masterKey }: Pick<Settings, "dataDir" | "masterKey">) =>
  Option.match(masterKey, {
    onSome: EnvironmentMasterKey.layer,
    onNone: () => LocalMasterKey.layer(dataDir)
  })

/** The keys to what people wrote. */
export const vault = (settings: Pick<Settings, "dataDir" | "masterKey">) =>
  PgKeyVault.layer.pipe(Layer.provide(masterKey(settings)))
