import { resolve } from "node:path"
import { DevelopmentSignIn } from "@indelible/infrastructure/jwt/ConfiguredTokenVerifier"
import { Effect, Option } from "effect"
import { HttpServer } from "effect/http"
import { Database } from "./database/Database.ts"
import type { Settings } from "./settings/Settings.ts"

const everywhere = new Set(["0.0.0.0", "::"])
const loopback = new Set(["127.0.0.1", "::1", "localhost"])

/** An address to type into a browser on this machine. */
const reachable = (host: string) =>
  everywhere.has(host) ? "localhost" : host.includes(":") ? `[${host}]` : host

/** Tells whoever typed `npm start` where to go. */
export const announce = Effect.fnUntraced(function* ({ dataDir, host, publicUrl, roles }: Settings) {
  const { address } = yield* HttpServer.HttpServer
  const { place } = yield* Database
  const development = Option.isSome(yield* DevelopmentSignIn)
  const port = "port" in address ? `:${address.port}` : ""
  const origin = Option.match(publicUrl, {
    onNone: () => `http://${reachable(host)}${port}`,
    onSome: (url) => url.origin
  })
  const isEdge = roles.includes("edge")
  const lines = [
    "Indelible is ready.",
    ...(isEdge ? [`  messenger   ${origin}/`] : []),
    isEdge ? `  interface   ${origin}/docs` : `  health      ${origin}/health/ready`,
    `  database    ${place}`,
    `  keys        ${resolve(dataDir)}`
  ]
  yield* Effect.sync(() => console.log(lines.join("\n")))
  if (isEdge && development && !loopback.has(host)) {
    yield* Effect.logWarning(
      `development sign-in is on and HOST is ${host}: everyone who reaches this port can be anyone. Set JWT_SECRET or JWT_JWKS_URL.`
    )
  }
})
