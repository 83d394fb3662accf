/** Who uses this tab, and where their tokens come from. */
export interface Person {
  readonly userId: string
  /** As far as it is known here. */
  readonly name: string
  readonly keep: "device" | "memory"
  readonly way: "development" | "platform"
}

const PERSON = "indelible.person"
const TOKEN = "indelible.token"

const isPerson = (value: unknown): value is Person =>
  typeof value === "object" &&
  value !== null &&
  "userId" in value &&
  typeof value.userId === "string" &&
  "name" in value &&
  typeof value.name === "string" &&
  "keep" in value &&
  (value.keep === "device" || value.keep === "memory") &&
  "way" in value &&
  (value.way === "development" || value.way === "platform")

const parsed = (text: string | null): Person | null => {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isPerson(value) ? value : null
  } catch {
    return null
  }
}

/**
 * The person of this tab, else the last of any tab. A platform's token is kept by the tab alone, so without one nobody
 * is here; and a new tab never becomes whoever used a shared computer before.
 */
export const rememberedPerson = (): Person | null => {
  const ofTab = parsed(sessionStorage.getItem(PERSON))
  if (ofTab !== null) return ofTab
  const last = parsed(localStorage.getItem(PERSON))
  return last?.way === "development" ? last : null
}

export const rememberPerson = (person: Person) => {
  const text = JSON.stringify(person)
  sessionStorage.setItem(PERSON, text)
  if (person.keep === "device") localStorage.setItem(PERSON, text)
  else localStorage.removeItem(PERSON)
}

export const forgetPerson = () => {
  sessionStorage.removeItem(PERSON)
  sessionStorage.removeItem(TOKEN)
  localStorage.removeItem(PERSON)
}

export const keptToken = (): string | null => sessionStorage.getItem(TOKEN)
export const keepToken = (token: string) => sessionStorage.setItem(TOKEN, token)
