import type { Client } from "@indelible/client"
import { createContext, useContext } from "react"
import type { Person } from "../sign-in/SignedIn.ts"

export interface Session {
  readonly person: Person
  readonly client: Client
  /** Leaves this tab's person, and keeps what is on the device for the next time. */
  readonly leave: () => void
  /** Ends the session everywhere and forgets what this device kept. */
  readonly signOut: () => Promise<void>
}

export const SessionContext = createContext<Session | null>(null)

export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (session === null) throw new Error("nobody is signed in here")
  return session
}
