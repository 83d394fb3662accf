import { type Client, createClient } from "@indelible/client"
import { useMemo, useState } from "react"
import { Entrance } from "../sign-in/Entrance.tsx"
import { forgetPerson, type Person, rememberedPerson, rememberPerson } from "../sign-in/SignedIn.ts"
import { tokenOf } from "../sign-in/Token.ts"
import { Messenger } from "./Messenger.tsx"
import { Notices } from "./Notices.tsx"
import { type Session, SessionContext } from "./SessionContext.ts"

const clientOf = (person: Person): Client =>
  createClient({ userId: person.userId, token: tokenOf(person), keep: person.keep })

/** Who is here already begins at once; whoever is not is asked first. */
const remembered = () => {
  const person = rememberedPerson()
  return person === null ? null : { person, client: clientOf(person) }
}

export const App = () => {
  const [here, setHere] = useState(remembered)
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
  const enter = (person: Person) => {
    rememberPerson(person)
    setHere({ person, client: clientOf(person) })
  }
  return (
    <Notices>
      {session === null ? (
        <Entrance enter={enter} />
      ) : (
        <SessionContext value={session}>
          <Messenger />
        </SessionContext>
      )}
    </Notices>
  )
}
