import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { freePort } from "@indelible/infrastructure/embedded/FreePort"
import { Effect, Redacted } from "effect"
import { Started, Token } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"
import { ampleLimits } from "../../servers/AmpleLimits.ts"

const program = join(import.meta.dirname, "../../../packages/server/src/main.ts")

/** The product as a process of its own on a database that is there, until the scope ends. */
export const liveService = Effect.fn("LiveService.start")(function* (
  url: Redacted.Redacted,
  masterKey: Redacted.Redacted,
  dataDir: string
) {
  const port = yield* freePort
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program], {
        env: {
          ...process.env,
          DATABASE_URL: Redacted.value(url),
          MASTER_KEY: Redacted.value(masterKey),
          DATA_DIR: dataDir,
          PORT: String(port),
          LOG_LEVEL: "Warn",
          ...ampleLimits
        },
        stdio: ["ignore", "ignore", "inherit"]
      })
    ),
    (running) =>
      Effect.callback<void>((resume) => {
        running.once("exit", () => resume(Effect.void))
        running.kill("SIGTERM")
      })
  )
  const origin = `http://127.0.0.1:${port}`
  const isReady = Effect.tryPromise(() => ask(origin, "GET", "/health/ready")).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.orElseSucceed(() => false)
  )
  yield* Effect.repeat(Effect.delay(isReady, "100 millis"), { while: (ready) => !ready })
  return { origin, port, pid: child.pid }
})

export interface Conversation {
  readonly id: string
  readonly tokens: { readonly business: string; readonly worker: string }
  readonly sockets: { readonly business: TestSocket; readonly worker: TestSocket }
}

/** Two people who talk, each with a socket. */
export const startConversation = async (origin: string, port: number): Promise<Conversation> => {
  const tokenOf = async (userId: string, role?: "service") =>
    (await ask(origin, "POST", "/development/sign-in", { userId, ...(role && { role }) })).as(Token).token
  const platform = { headers: { authorization: `Bearer ${await tokenOf("platform", "service")}` } }
  const key = randomUUID()
  const [business, worker] = [`business-${key}`, `worker-${key}`]
  for (const [userId, role] of [
    [business, "business"],
    [worker, "worker"]
  ]) {
    const person = { name: userId, email: `${userId}@example.com`, role, status: "active" }
    await ask(origin, "PUT", `/directory/users/${userId}`, person, platform)
  }
  await ask(origin, "PUT", `/directory/applications/${key}`, { business, worker, status: "open" }, platform)
  const tokens = { business: await tokenOf(business), worker: await tokenOf(worker) }
  const started = await ask(
    origin,
    "POST",
    "/conversations",
    { applicationId: key },
    { headers: { authorization: `Bearer ${tokens.business}` } }
  )
  const sockets = {
    business: new TestSocket(port, { token: tokens.business }),
    worker: new TestSocket(port, { token: tokens.worker })
  }
  await Promise.all([sockets.business.opened, sockets.worker.opened])
  return { id: started.as(Started).conversation.id, tokens, sockets }
}
