export interface OfferedApplication {
  readonly applicationId: string
  readonly with: string | null
}

/** Someone whom a development service offers to be. */
export interface OfferedPerson {
  readonly userId: string
  readonly name: string
  readonly role: string | null
  readonly about: string | null
  readonly conversations: number | null
  readonly applications: ReadonlyArray<OfferedApplication>
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const application = (value: unknown): ReadonlyArray<OfferedApplication> => {
  const applicationId = text(field(value, "applicationId"))
  if (applicationId === null) return []
  const other = field(value, "with")
  return [{ applicationId, with: text(other) ?? text(field(other, "name")) }]
}

const person = (value: unknown): ReadonlyArray<OfferedPerson> => {
  const userId = text(field(value, "userId"))
  if (userId === null) return []
  const conversations = field(value, "conversations")
  return [
    {
      userId,
      name: text(field(value, "name")) ?? userId,
      role: text(field(value, "role")),
      about: text(field(value, "about")),
      conversations: typeof conversations === "number" ? conversations : null,
      applications: list(field(value, "applications")).flatMap(application)
    }
  ]
}

/** null: this service does not let people be whom they like. Everything but an id may be absent. */
export const developmentPeople = async (): Promise<ReadonlyArray<OfferedPerson> | null> => {
  const response = await fetch("/development/people")
  if (!response.ok) return null
  return list(field(await response.json(), "people")).flatMap(person)
}
