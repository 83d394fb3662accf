import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as MemoryEventStore from "@indelible/infrastructure/memory/MemoryEventStore"
import * as MemoryKeyVault from "@indelible/infrastructure/memory/MemoryKeyVault"
import { Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import * as TestDatabase from "../servers/TestDatabase.ts"
import { eventStoreContract } from "./eventStoreContract.ts"
import * as LogDatabase from "./LogDatabase.ts"

eventStoreContract(
  "memory",
  MemoryEventStore.layer.pipe(
    Layer.provideMerge(EnvelopeOpener.layer),
    Layer.provideMerge(MemoryKeyVault.layer),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
)

for (const server of TestDatabase.whichServers()) {
  eventStoreContract(`Postgres (${server})`, LogDatabase.layer(server))
}
