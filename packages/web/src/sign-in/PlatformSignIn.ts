import { keepToken, type Person } from "./SignedIn.ts"

/** What a visit to the platform must come back with, and whether this computer is shared. */
const STATE = "indelible.sign-in-state"
/** This tab was at the platform already. */
const VISITED = "indelible.sign-in-visited"

/** What a platform's sign-in left in the address. */
export type Arrival =
  | { readonly kind: "nothing" }
  /** Someone else's sign-in was slipped in: whoever follows such a link would write as another person. */
  | { readonly kind: "refused" }
  | { readonly kind: "person"; readonly person: Person }

const claimsOf = (token: string): { readonly sub: string; readonly name: string } | null => {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return null
    if (typeof claims.sub !== "string") return null
    return { sub: claims.sub, name: "name" in claims && typeof claims.name === "string" ? claims.name : "" }
  } catch {
    return null
  }
}

/** Takes the token out of the address, before anything else could read it there or a history keep it. */
export const takeArrival = (): Arrival => {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get("token")
  if (token === null) return { kind: "nothing" }
  history.replaceState(history.state, "", location.pathname + location.search)
  const [expected, keep] = (sessionStorage.getItem(STATE) ?? "").split(" ")
  sessionStorage.removeItem(STATE)
  const claims = claimsOf(token)
  if (expected === "" || fragment.get("state") !== expected || claims === null) return { kind: "refused" }
  keepToken(token)
  return {
    kind: "person",
    person: {
      userId: claims.sub,
      name: claims.name,
      keep: keep === "memory" ? "memory" : "device",
      way: "platform"
    }
  }
}

/**
 * Whether this tab was at the platform before. It then goes there by a person's own wish alone: a platform that still
 * knows them would undo their sign-out, and one that sends them back with nothing would do so for ever.
 */
export const wasAtPlatform = (): boolean => sessionStorage.getItem(VISITED) !== null

/** Where the platform signs people in; null where it does not say. */
export const signInAddress = async (): Promise<string | null> => {
  const response = await fetch("/sign-in.json")
  if (!response.ok) return null
  const answer: unknown = await response.json().catch(() => null)
  return typeof answer === "object" && answer !== null && "url" in answer && typeof answer.url === "string"
    ? answer.url
    : null
}

/** Leaves the page for the platform's sign-in, which comes back here with what this page alone can expect. */
export const goToSignIn = (address: string, keep: Person["keep"]) => {
  const state = crypto.randomUUID()
  const target = new URL(address, location.origin)
  if (target.protocol !== "https:" && target.protocol !== "http:") throw new Error("not a web address")
  sessionStorage.setItem(STATE, `${state} ${keep}`)
  sessionStorage.setItem(VISITED, "yes")
  target.searchParams.set("return_to", location.origin + location.pathname + location.search)
  target.searchParams.set("state", state)
  location.assign(target)
}
