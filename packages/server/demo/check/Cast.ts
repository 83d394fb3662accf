import { randomUUID } from "node:crypto"
import { Schema } from "effect"
import { RestClient } from "../RestClient.ts"

export interface Person {
  readonly id: string
  readonly name: string
  readonly role: "business" | "worker"
}

export interface Cast {
  readonly business: Person
  readonly worker: Person
  readonly application: string
}

const anything = Schema.Unknown
const Token = Schema.Struct({ token: Schema.String })

export const signIn = async (origin: URL, body: { userId: string; role?: "service" }): Promise<string> =>
  (await new RestClient(origin).ask(Token, "POST", "/development/sign-in", { body })).token

/** Two people and the application between them, as the surrounding platform puts them into the directory. */
export const castIn = async (origin: URL): Promise<Cast> => {
  const key = randomUUID().slice(0, 8)
  const business: Person = { id: `demo-business-${key}`, name: "Noor Haddad نور", role: "business" }
  const worker: Person = { id: `demo-worker-${key}`, name: "Kenji Tanaka 健二", role: "worker" }
  const application = `demo-application-${key}`

  const platform = new RestClient(origin, await signIn(origin, { userId: "demo-platform", role: "service" }))
  for (const { id, name, role } of [business, worker]) {
    const body = { name, email: `${id}@example.com`, role, status: "active" }
    await platform.ask(anything, "PUT", `/directory/users/${id}`, { body })
  }
  const body = { business: business.id, worker: worker.id, status: "open" }
  await platform.ask(anything, "PUT", `/directory/applications/${application}`, { body })
  return { business, worker, application }
}
