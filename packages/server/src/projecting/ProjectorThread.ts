// First: schemas made after it are compiled, which every event gains from.
import "effect/schema/SchemaJITCompiler/enable"

import { setPriority } from "node:os"
import { parentPort, workerData } from "node:worker_threads"
import * as EnvelopeOpener from "@indelible/infrastructure/envelope/EnvelopeOpener"
import * as PgEventLog from "@indelible/infrastructure/postgres/log/PgEventLog"
import * as PgLogWakeUp from "@indelible/infrastructure/postgres/log/PgLogWakeUp"
import * as PgJobLedger from "@indelible/infrastructure/postgres/PgJobLedger"
import { ProjectionProgress } from "@indelible/projections/engine/ProjectionProgress"
import { Deferred, Effect, FiberSet, Layer, Logger, Option, Redacted, References, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { Database } from "../database/Database.ts"
import * as Keys from "../database/Keys.ts"
import * as Pools from "../database/Pools.ts"
import * as NightlyStateCheck from "./NightlyStateCheck.ts"
import * as ProjectionRunners from "./ProjectionRunners.ts"
import { type ThreadOptions, ThreadRequest } from "./ThreadOptions.ts"

/**
 * The projectors of a node and its nightly check of states, in a thread of their own with connections of their own:
 * folding and rebuilding never keep a message waiting. Tells the thread that started it how far the tables are, and ends when that says so.
 */
const port = parentPort
if (port === null) throw new Error("this is a thread of the service; start packages/server/src/main.ts")
const { databaseUrl, dataDir, isTerminal, logLevel, masterKey, nodeName }: ThreadOptions = workerData

// On Linux this is about the calling thread alone: where there is too little of the machine, people come first.
if (process.platform === "linux") setPriority(0, 5)

const settings = {
  dataDir,
  logLevel,
  masterKey: Option.map(Option.fromNullishOr(masterKey), (key) => Redacted.make(key)),
  nodeName
}
const database = Layer.succeed(Database, { url: Redacted.make(databaseUrl), place: "as told" })

const stopped = Deferred.makeUnsafe<void>()
const readRequest = Schema.decodeUnknownSync(ThreadRequest)
const hearing = Layer.effectDiscard(
  Effect.gen(function* () {
    const { ask } = yield* ProjectionProgress
    const run = yield* FiberSet.makeRuntime()
    port.on("message", (message) => {
      const request = readRequest(message)
      if (request._tag === "Asked") run(ask(request.name, request.slices))
    })
  })
)
port.on("message", (message) => {
  if (readRequest(message)._tag === "Stop") Deferred.doneUnsafe(stopped, Effect.void)
})

const projectors = Layer.merge(ProjectionRunners.layer(settings), hearing).pipe(
  Layer.provide(Pools.owning(settings)),
  Layer.provide(ProjectionProgress.layerTelling((event) => port.postMessage(event))),
  Layer.merge(NightlyStateCheck.layer(settings).pipe(Layer.provide(PgJobLedger.layer))),
  Layer.provide([PgEventLog.layer, PgLogWakeUp.layer, EnvelopeOpener.layer]),
  Layer.provide(Keys.vault(settings)),
  Layer.provideMerge(Pools.projecting(settings)),
  Layer.provide(database),
  Layer.provide(SecureRandom.layerWebCrypto)
)

await Effect.runPromise(
  Effect.raceFirst(Layer.launch(projectors), Deferred.await(stopped)).pipe(
    Effect.provideService(References.MinimumLogLevel, logLevel),
    Effect.provide(Logger.layer([isTerminal ? Logger.consolePretty() : Logger.consoleJson]))
  )
)
port.close()
