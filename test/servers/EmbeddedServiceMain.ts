// A service with nothing but its embedded Postgres, as a process of its own that tests can kill.
// usage: node EmbeddedServiceMain.ts <data folder> [JSON of Elsewhere]
import * as EmbeddedPostgres from "@indelible/infrastructure/embedded/EmbeddedPostgres"
import { Effect, Fiber, Redacted } from "effect"

const [, , dataDir = "", elsewhere] = process.argv
const options = { dataDir, ...(elsewhere !== undefined && { elsewhere: JSON.parse(elsewhere) }) }

const service = Effect.gen(function* () {
  const started = performance.now()
  const postgres = yield* EmbeddedPostgres.start(options)
  const millis = Math.round(performance.now() - started)
  const url = Redacted.value(postgres.url)
  console.log(JSON.stringify({ url, directory: postgres.directory, postmaster: yield* postgres.pid, millis }))
  return yield* Effect.never
}).pipe(
  Effect.scoped,
  Effect.catch((error) => Effect.sync(() => console.log(JSON.stringify({ refused: error.message }))))
)

const fiber = Effect.runFork(service)
process.once("SIGTERM", () => Effect.runFork(Fiber.interrupt(fiber)))
