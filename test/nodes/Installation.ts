import { randomBytes, randomUUID } from "node:crypto"
import type { ConversationId } from "@indelible/domain/conversation/ConversationId"
import { Effect, Redacted } from "effect"
import { Started } from "../http/Answers.ts"
import { ask } from "../http/Ask.ts"
import { ampleLimits } from "../servers/AmpleLimits.ts"
import * as Platform from "../servers/Platform.ts"
import * as TestFolder from "../servers/TestFolder.ts"

export interface Pair {
  readonly conversation: ConversationId
  readonly business: string
  readonly worker: string
}

/** What all nodes of one installation have in common: a database, keys, and who issues tokens. */
export const make = Effect.fnUntraced(function* (database: Redacted.Redacted) {
  const masterKey = randomBytes(32).toString("hex")

  /** How one of its nodes is told to run. */
  const variablesOf = Effect.fnUntraced(function* (name: string, redis?: string) {
    return {
      DATABASE_URL: Redacted.value(database),
      MASTER_KEY: masterKey,
      ...(redis !== undefined && { REDIS_URL: redis }),
      ...Platform.environment,
      DATA_DIR: yield* TestFolder.make,
      NODE_NAME: name,
      ...ampleLimits
    }
  })

  const tokenOf = (userId: string, role?: "service") => Effect.promise(() => Platform.tokenOf(userId, role))

  /** A business and a worker whose conversation has started, by way of one node. */
  const pair = Effect.fnUntraced(function* (origin: string) {
    const key = randomUUID().slice(0, 8)
    const [business, worker, applicationId] = [`business-${key}`, `worker-${key}`, `application-${key}`]
    const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
    const platform = bearing(yield* tokenOf("platform", "service"))
    const put = (path: string, body: unknown) =>
      Effect.promise(() => ask(origin, "PUT", `/directory/${path}`, body, platform))
    for (const [userId, role] of [
      [business, "business"],
      [worker, "worker"]
    ]) {
      const person = { name: userId, email: `${userId}@example.com`, role, status: "active" }
      yield* put(`users/${userId}`, person)
    }
    yield* put(`applications/${applicationId}`, { business, worker, status: "open" })
    const as = bearing(yield* tokenOf(business))
    const answer = yield* Effect.promise(() => ask(origin, "POST", "/conversations", { applicationId }, as))
    if (answer.status >= 400) return yield* Effect.die(new Error(answer.text))
    return { conversation: answer.as(Started).conversation.id, business, worker } satisfies Pair
  })

  return { database, variablesOf, tokenOf, pair }
})

export type Installation = Effect.Success<ReturnType<typeof make>>
