import { randomBytes, randomUUID } from "node:crypto"
import { Database } from "@indelible/server/database/Database"
import { RealtimeSettings } from "@indelible/server/realtime/RealtimeSettings"
import { RpcSettings } from "@indelible/server/rpc/RpcSettings"
import * as Service from "@indelible/server/Service"
import { fromConfig } from "@indelible/server/settings/Settings"
import { MessengerFolder } from "@indelible/server/web/MessengerFolder"
import { ConfigProvider, Context, Effect, Exit, Layer, Logger, Redacted, References, Scope } from "effect"
import { HttpServer } from "effect/http"
import { afterAll, beforeAll } from "vitest"
import { ampleLimits } from "../servers/AmpleLimits.ts"
import * as TestDatabase from "../servers/TestDatabase.ts"
import * as TestFolder from "../servers/TestFolder.ts"
import { Sent, Started, Token } from "./Answers.ts"
import { type Answer, type AskOptions, ask } from "./Ask.ts"

/** Someone who asks, by their own token. */
export type Asker = (method: string, path: string, body?: unknown, options?: AskOptions) => Promise<Answer>

/** The whole product through its composition root, on a database of its own and a free port. */
const make = Effect.fnUntraced(function* (
  variables: Readonly<Record<string, string>>,
  rpc: Partial<RpcSettings>,
  realtime: Partial<RealtimeSettings>,
  messenger: URL | undefined
) {
  const database = yield* TestDatabase.make("embedded")
  const dataDir = yield* TestFolder.make
  const logged: Array<string> = []
  const logger = Logger.make((options) => void logged.push(Logger.formatJson.log(options)))
  const provider = ConfigProvider.fromUnknown({
    PORT: "0",
    DATABASE_URL: Redacted.value(database),
    MASTER_KEY: randomBytes(32).toString("hex"),
    DATA_DIR: dataDir,
    NODE_NAME: "test",
    LOG_LEVEL: "Debug",
    ...ampleLimits,
    ...variables
  })
  const stoppable = yield* Scope.fork(yield* Effect.scope)
  const context = yield* Effect.gen(function* () {
    const settings = yield* fromConfig
    return yield* Layer.build(Service.layer(settings)).pipe(
      Scope.provide(stoppable),
      Effect.provideService(RpcSettings, { ...(yield* RpcSettings), ...rpc }),
      Effect.provideService(RealtimeSettings, { ...(yield* RealtimeSettings), ...realtime }),
      Effect.provideService(MessengerFolder, messenger ?? (yield* MessengerFolder))
    )
  }).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, provider),
    Effect.provideService(References.MinimumLogLevel, "Debug"),
    Effect.provide(Logger.layer([logger]))
  )
  const { address } = Context.get(context, HttpServer.HttpServer)
  if (!("port" in address)) return yield* Effect.die(new Error("not listening on TCP"))
  const { port } = address
  return {
    port,
    logged,
    database: Context.get(context, Database).url,
    /** Stops the service as a signal does. */
    stop: () => Effect.runPromise(Scope.close(stoppable, Exit.void))
  }
})

type Made = Effect.Success<ReturnType<typeof make>>

const withPeople = (made: Made) => {
  const origin = `http://127.0.0.1:${made.port}`
  const anyone: Asker = (method, path, body, options) => ask(origin, method, path, body, options)

  const signIn = async (userId: string, role?: "service") => {
    const answer = await anyone("POST", "/development/sign-in", { userId, ...(role && { role }) })
    return answer.as(Token).token
  }
  const bearing =
    (token: string): Asker =>
    (method, path, body, options) =>
      anyone(method, path, body, {
        ...options,
        headers: { authorization: `Bearer ${token}`, ...options?.headers }
      })
  const as = async (userId: string, role?: "service") => bearing(await signIn(userId, role))

  const put = async (userId: string, details: Readonly<Record<string, string>>) => {
    const platform = await as("platform", "service")
    const user = { name: userId, email: `${userId}@example.com`, role: "worker", status: "active" }
    return platform("PUT", `/directory/users/${userId}`, { ...user, ...details })
  }

  /** A business and a worker of theirs alone, with an open application between them. */
  const pair = async () => {
    const key = randomUUID().slice(0, 8)
    const business = `business-${key}`
    const worker = `worker-${key}`
    const applicationId = `application-${key}`
    await put(business, { role: "business" })
    await put(worker, {})
    const platform = await as("platform", "service")
    await platform("PUT", `/directory/applications/${applicationId}`, { business, worker, status: "open" })
    return {
      applicationId,
      business: await as(business),
      worker: await as(worker),
      userIds: { business, worker }
    }
  }

  /** A send that must succeed. */
  const say = async (by: Asker, conversation: string, text: string) => {
    const body = { type: "TEXT", clientMessageId: randomUUID(), text }
    return (await by("POST", `/conversations/${conversation}/messages`, body)).as(Sent)
  }

  /** A read that includes what a write answered with, asked again as it says while the tables are not there yet. */
  const readAfter = async (by: Asker, token: string, at: string) => {
    const end = Date.now() + 15_000
    for (;;) {
      const answer = await by("GET", at, undefined, { headers: { "indelible-position": token } })
      if (answer.outcome !== "503 not_yet_fresh" || Date.now() > end) return answer
    }
  }

  /** The same with their conversation started. */
  const talk = async () => {
    const two = await pair()
    const started = await two.business("POST", "/conversations", { applicationId: two.applicationId })
    const { conversation } = started.as(Started)
    const path = `/conversations/${conversation.id}`
    /** The raw answer to a send. */
    const send = (by: Asker, text: string, clientMessageId: string = randomUUID()) =>
      by("POST", `${path}/messages`, { type: "TEXT", clientMessageId, text })
    return {
      ...two,
      id: conversation.id,
      path,
      send,
      say: (by: Asker, text: string) => say(by, conversation.id, text),
      readAfter
    }
  }

  return { ...made, origin, anyone, as, bearing, pair, put, readAfter, say, signIn, talk }
}

export type HttpWorld = ReturnType<typeof withPeople>

type Variables = Readonly<Record<string, string>>

/**
 * One running product for all tests of a file.
 *
 * @param variables its settings where they are not the usual ones; a function is asked when those before it have started
 * @param rpc what of the RPC interface's settings, which no variable sets, is narrower than usual
 * @param realtime the same of the WebSocket interface's
 * @param messenger where the built messenger is, if not where the build puts it
 */
export const forThisFile = (
  variables: Variables | (() => Variables) = {},
  rpc: Partial<RpcSettings> = {},
  realtime: Partial<RealtimeSettings> = {},
  messenger?: URL
): (() => HttpWorld) => {
  const scope = Scope.makeUnsafe()
  let world: HttpWorld | undefined
  beforeAll(async () => {
    world = withPeople(
      await Effect.runPromise(
        Scope.provide(
          make(typeof variables === "function" ? variables() : variables, rpc, realtime, messenger),
          scope
        )
      )
    )
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return () => {
    if (world === undefined) throw new Error("the product has not been started")
    return world
  }
}
