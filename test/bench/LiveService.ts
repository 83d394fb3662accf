import { join } from "node:path"
import { freePort } from "@indelible/infrastructure/embedded/FreePort"
import { Effect, Redacted } from "effect"
import { ampleLimits } from "../servers/AmpleLimits.ts"
import { answering } from "./Answering.ts"
import { childProgram } from "./ChildProgram.ts"

const program = join(import.meta.dirname, "../../packages/server/src/main.ts")

export interface LiveServiceOptions {
  readonly url: Redacted.Redacted
  readonly masterKey: Redacted.Redacted
  readonly dataDir: string
  /** Further settings. */
  readonly environment?: Readonly<Record<string, string>>
  /** Options for Node. */
  readonly node?: ReadonlyArray<string>
}

export interface LiveService {
  readonly origin: string
  readonly port: number
  readonly pid: number
}

/** The product as a process of its own on a database that is there, until the scope ends. */
export const liveService = Effect.fn("LiveService.start")(function* (options: LiveServiceOptions) {
  const port = yield* freePort
  const { ended, pid } = yield* childProgram(program, {
    environment: {
      DATABASE_URL: Redacted.value(options.url),
      MASTER_KEY: Redacted.value(options.masterKey),
      DATA_DIR: options.dataDir,
      PORT: String(port),
      LOG_LEVEL: "Warn",
      ...ampleLimits,
      ...options.environment
    },
    ...(options.node && { node: options.node })
  })
  const origin = `http://127.0.0.1:${port}`
  yield* Effect.raceFirst(answering(origin, "/health/ready"), ended)
  return { origin, port, pid } satisfies LiveService
})
