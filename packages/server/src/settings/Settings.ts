import { DevelopmentRefused } from "@indelible/infrastructure/jwt/DevelopmentTokens"
import { secretBytes } from "@indelible/infrastructure/jwt/TokenSecret"
import * as TokenSource from "@indelible/infrastructure/jwt/TokenSource"
import { Effect, Option, Result, Schema } from "effect"
import { settingsTable } from "./SettingsTable.ts"

const readings = {
  host: settingsTable.host.read,
  port: settingsTable.port.read,
  publicUrl: settingsTable.publicUrl.read,
  signInUrl: settingsTable.signInUrl.read,
  dataDir: settingsTable.dataDir.read,
  databaseUrl: settingsTable.databaseUrl.read,
  masterKey: settingsTable.masterKey.read,
  redisUrl: settingsTable.redisUrl.read,
  nodeName: settingsTable.nodeName.read,
  roles: settingsTable.roles.read,
  corsOrigins: settingsTable.corsOrigins.read,
  logLevel: settingsTable.logLevel.read,
  metrics: settingsTable.metrics.read,
  readPool: settingsTable.readPool.read,
  maxMessageLength: settingsTable.maxMessageLength.read,
  limitMessages: settingsTable.limitMessages.read,
  limitLists: settingsTable.limitLists.read,
  pingInterval: settingsTable.pingInterval.read,
  maxRequests: settingsTable.maxRequests.read,
  headersTimeout: settingsTable.headersTimeout.read,
  requestTimeout: settingsTable.requestTimeout.read,
  production: settingsTable.production.read
} as const

/** How this node was told to run. */
export type Settings = { readonly [Name in keyof typeof readings]: Effect.Success<(typeof readings)[Name]> }

/** The service was told to run in a way that it cannot. Lists everything that is wrong, and shows no value. */
export class SettingsRefused extends Schema.TaggedError<SettingsRefused>()("SettingsRefused", {
  problems: Schema.Array(Schema.String)
}) {
  override get message() {
    return `The service does not start, because of its settings:\n${this.problems.map((problem) => `  - ${problem}`).join("\n")}`
  }
}

/** Tokens are read and checked where they are used; here only so that all problems are told at once. */
const tokenProblem = Effect.fnUntraced(
  function* (production: boolean) {
    const source = yield* TokenSource.fromConfig
    if (source._tag === "Secret") yield* secretBytes(source.secret)
    if (source._tag === "Development" && production) return yield* new DevelopmentRefused()
    return []
  },
  Effect.catch(({ message }) => Effect.succeed([message]))
)

const together = (settings: Settings): ReadonlyArray<string> => [
  ...(Option.isSome(settings.databaseUrl) && Option.isNone(settings.masterKey)
    ? [
        "DATABASE_URL is set and MASTER_KEY is not: every node needs the same one; make it with `openssl rand -base64 32` and keep it safe"
      ]
    : []),
  ...(settings.requestTimeout < settings.headersTimeout
    ? ["REQUEST_TIMEOUT must not be less than HEADERS_TIMEOUT"]
    : [])
]

/** Reads all settings from the configuration (the environment), or tells everything that is wrong with them. */
export const fromConfig = Effect.gen(function* () {
  const results = yield* Effect.all(readings, { mode: "result" })
  const problems = Object.values(results).flatMap((result) =>
    result._tag === "Failure" ? [result.failure.message] : []
  )
  const production = Result.getOrElse(results.production, () => false)
  problems.push(...(yield* tokenProblem(production)))
  const settings = Result.all(results)
  if (Result.isFailure(settings)) return yield* new SettingsRefused({ problems })
  problems.push(...together(settings.success))
  return problems.length === 0 ? settings.success : yield* new SettingsRefused({ problems })
})
