import type { OpenConversation } from "@indelible/client"
import { useEffect, useState } from "react"
import { useSession } from "../shell/SessionContext.ts"

/** Open as long as the component is shown; for another conversation it must be another component, by its key. */
export const useOpenConversation = (id: string): OpenConversation => {
  const { client } = useSession()
  const [open] = useState(() => client.open(id))
  useEffect(() => () => open.close(), [open])
  return open
}
