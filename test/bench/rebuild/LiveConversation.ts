import { randomUUID } from "node:crypto"
import { Started, Token } from "../../http/Answers.ts"
import { ask } from "../../http/Ask.ts"
import { TestSocket } from "../../realtime/TestSocket.ts"

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
