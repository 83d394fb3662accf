import { Service } from "./Service.js"

const KEY = "indelible.people"

/**
 * Pairs that this browser knows, newest first. There is no interface that lists people, so it remembers those that it
 * made and those that a link brought.
 *
 * @returns {Array<Array<{ id: string, name: string, role: "business" | "worker" }>>}
 */
export const knownPairs = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]")
  } catch {
    return []
  }
}

export const remember = (pair) => {
  const same = (other) => other.every(({ id }, side) => id === pair[side].id)
  const pairs = [pair, ...knownPairs().filter((other) => !same(other))]
  localStorage.setItem(KEY, JSON.stringify(pairs.slice(0, 12)))
}

/** The person of an id, and the one they can talk to. */
export const pairOf = (id) => {
  const pair = knownPairs().find((people) => people.some((person) => person.id === id))
  return { self: pair?.find((person) => person.id === id), other: pair?.find((person) => person.id !== id) }
}

const businesses = ["Aurora Bakery", "Café Lumière", "مخبز الشفق", "Nordlys Hotel", "東京キッチン"]
const workers = ["Kenji Tanaka", "Noor Haddad", "José Ñáñez", "דנה כהן", "Zoë Okafor"]
const anyOf = (names) => names[Math.floor(Math.random() * names.length)]

/** Puts two people and their application into the directory, as the surrounding platform would, and starts to talk. */
export const makePair = async () => {
  const key = crypto.randomUUID().slice(0, 8)
  const pair = [
    { id: `page-business-${key}`, name: anyOf(businesses), role: "business" },
    { id: `page-worker-${key}`, name: anyOf(workers), role: "worker" }
  ]
  const [business, worker] = pair
  const application = `page-application-${key}`
  const platform = new Service("page-platform", "service")
  for (const { id, name, role } of pair) {
    const details = { name, email: `${id}@example.com`, role, status: "active" }
    await platform.ask("PUT", `/directory/users/${id}`, details)
  }
  const people = { business: business.id, worker: worker.id, status: "open" }
  await platform.ask("PUT", `/directory/applications/${application}`, people)
  await new Service(business.id).ask("POST", "/conversations", { applicationId: application })
  remember(pair)
}
