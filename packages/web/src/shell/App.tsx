import { type Client, createClient } from "@indelible/client"
import { useMemo, useState } from "react"
import { Entrance } from "../sign-in/Entrance.tsx"
import { takeArrival } from "../sign-in/PlatformSignIn.ts"
import { forgetPerson, type Person, rememberedPerson, rememberPerson } from "../sign-in/SignedIn.ts"
import { tokenOf } from "../sign-in/Token.ts"
import { Messenger } from "./Messenger.tsx"
import { Notices } from "./Notices.tsx"
import { type Session, SessionContext } from "./SessionContext.ts"

const clientOf = (person: Person): Client =>
  createClient({ userId: person.userId, token: tokenOf(person), keep: person.keep })

const begin = (person: Person) => {
  rememberPerson(person)
  return { person, client: clientOf(person) }
}

/** Who comes from the platform's sign-in, or was here before, begins at once; whoever is not is asked first. */
const arrive = () => {
  const arrival = takeArrival()
  const person = arrival.kind === "person" ? arrival.person : rememberedPerson()
  return { refused: arrival.kind === "refused", begun: person === null ? null : begin(person) }
}

export const App = () => {
  const [arrived] = useState(arrive)
  const [here, setHere] = useState(arrived.begun)
  const session = useMemo<Session | null>(() => {
    if (here === null) return null
    const { person, client } = here
    const gone = () => {
      forgetPerson()
      history.replaceState(null, "", "/")
      setHere(null)
    }
    return {
      person,
      client,
      leave: () => {
        gone()
        void client.close()
      },
      signOut: async () => {
        await client.signOut()
        gone()
      }
    }
  }, [here])
  return (
    <Notices>
      {session === null ? (
        <Entrance refused={arrived.refused} enter={(person) => setHere(begin(person))} />
      ) : (
        <SessionContext value={session}>
          <Messenger />
        </SessionContext>
      )}
    </Notices>
  )
}
