import { type Client, createClient } from "@indelible/client"
import { useEffect, useMemo, useState } from "react"
import { Entrance } from "../sign-in/Entrance.tsx"
import { takeArrival } from "../sign-in/PlatformSignIn.ts"
import { forgetPerson, type Person, rememberedPerson, rememberPerson } from "../sign-in/SignedIn.ts"
import { tokenOf } from "../sign-in/Token.ts"
import { Messenger } from "./Messenger.tsx"
import { Notices } from "./Notices.tsx"
import { type Session, SessionContext } from "./SessionContext.ts"

interface Here {
  readonly person: Person
  readonly client: Client
}

const comeIn = (person: Person): Here => ({
  person,
  client: createClient({ userId: person.userId, token: tokenOf(person), keep: person.keep })
})

/** Whoever comes from the platform takes the place of who was here; else who was here begins at once. */
const begin = (): { readonly here: Here | null; readonly refused: boolean } => {
  const arrival = takeArrival()
  if (arrival.kind === "person") rememberPerson(arrival.person)
  const person = rememberedPerson()
  return { here: person === null ? null : comeIn(person), refused: arrival.kind === "refused" }
}

export const App = () => {
  const [begun] = useState(begin)
  const [here, setHere] = useState(begun.here)
  const [refused, setRefused] = useState(begun.refused)
  const gone = () => {
    forgetPerson()
    history.replaceState(null, "", "/")
    setRefused(false)
    setHere(null)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `gone` is the same whenever it is made
  const session = useMemo<Session | null>(() => {
    if (here === null) return null
    const { person, client } = here
    return {
      person,
      client,
      leave: () => {
        gone()
        void client.close()
      },
      signOut: client.signOut
    }
  }, [here])
  // A sign-out in another tab ends this one's client as well: nothing of that person may stay, nor come back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `gone` is the same whenever it is made
  useEffect(() => {
    if (here === null) return
    const { connection } = here.client
    const follow = () => {
      if (connection.get().status === "closed") gone()
    }
    follow()
    return connection.subscribe(follow)
  }, [here])
  const enter = (person: Person) => {
    rememberPerson(person)
    setHere(comeIn(person))
  }
  return (
    <Notices>
      {session === null ? (
        <Entrance enter={enter} refused={refused} />
      ) : (
        <SessionContext value={session}>
          <Messenger />
        </SessionContext>
      )}
    </Notices>
  )
}
