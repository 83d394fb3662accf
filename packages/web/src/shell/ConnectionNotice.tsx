import type { ConnectionState } from "@indelible/client"
import { useEffect, useState } from "react"
import { Button } from "react-aria-components"
import { signInAgain } from "../sign-in/SignInAgain.ts"
import type { Catalogue } from "../texts/Catalogue.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { useNotices } from "./Notices.tsx"
import { useSession } from "./SessionContext.ts"
import { useNow } from "./useNow.ts"
import { useObservable } from "./useObservable.ts"

const words = (texts: Catalogue, state: ConnectionState, now: number): string | null => {
  switch (state.status) {
    case "connecting":
      return texts.connecting
    case "waiting":
      return texts.waiting(Math.max(1, Math.ceil((state.until - now) / 1000)))
    case "offline":
      return texts.noNetwork
    case "signed-out":
      return texts.signedOut
    case "online":
    case "closed":
      return null
  }
}

/** Connections come and go by the second; only one that lasts is worth a word. */
const PATIENCE = 1200

/** Says in plain words why nothing comes in, and what can be done. It lies over the page, which does not move. */
export const ConnectionNotice = () => {
  const texts = useTexts()
  const { client, person, leave } = useSession()
  const { announce } = useNotices()
  const state = useObservable(client.connection)
  const now = useNow(1000, state.status === "waiting")
  const troubled = state.status !== "online" && state.status !== "closed"
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!troubled) {
      if (shown) announce(texts.connectedAgain)
      setShown(false)
      return
    }
    if (shown) return
    const timer = setTimeout(() => setShown(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [troubled, shown, announce, texts])
  const said = words(texts, state, now)
  if (!shown || said === null) return null
  return (
    <div className="connection" role="status" data-status={state.status}>
      <span className="connection-dot" aria-hidden="true" />
      {/* Read out once a state, not once a second. */}
      <span aria-hidden={state.status === "waiting"}>{said}</span>
      {state.status === "waiting" && <span className="unseen">{texts.refusals.offline}</span>}
      {state.status === "waiting" && (
        <Button className="text-button" onPress={client.connectNow}>
          {texts.tryNow}
        </Button>
      )}
      {state.status === "signed-out" && (
        <Button className="text-button" onPress={() => signInAgain(person, client, leave)}>
          {texts.signInAgain}
        </Button>
      )}
    </div>
  )
}
