import { Schema } from "effect"
import { DemoFailure } from "../DemoFailure.ts"
import { RestClient } from "../RestClient.ts"
import { type Person, people } from "./People.ts"
import { talks, unopened } from "./Talks.ts"

const Token = Schema.Struct({ token: Schema.String })
const anything = Schema.Unknown

const signIn = async (origin: URL, body: { readonly userId: string; readonly role?: "service" }) => {
  const { token } = await new RestClient(origin).ask(Token, "POST", "/development/sign-in", { body })
  return new RestClient(origin, token)
}

export const applicationOf = (key: string): string => `demo-${key}`

/** The interface as this person has it. */
export type As = (person: Person) => RestClient

/** What the surrounding platform does: it tells the directory who there is, and signs them in. */
export const prepare = async (origin: URL): Promise<As> => {
  const platform = await signIn(origin, { userId: "demo-platform", role: "service" })
  // The last one put is the first to be offered at the sign-in.
  const all: ReadonlyArray<Person> = Object.values(people).toReversed()
  for (const { id, name, role } of all) {
    const body = { name, email: `${id}@example.com`, role, status: "active" }
    await platform.ask(anything, "PUT", `/directory/users/${id}`, { body })
  }
  for (const { business, key, worker } of [...talks, unopened]) {
    const body = { business: people[business].id, worker: people[worker].id, status: "open" }
    await platform.ask(anything, "PUT", `/directory/applications/${applicationOf(key)}`, { body })
  }
  const signedIn = new Map(
    await Promise.all(all.map(async ({ id }) => [id, await signIn(origin, { userId: id })] as const))
  )
  return ({ id }) => {
    const client = signedIn.get(id)
    if (client === undefined) throw new DemoFailure(`${id} was not signed in`)
    return client
  }
}
