import { useEffect, useState } from "react"
import { ConversationPane } from "../conversation/ConversationPane.tsx"
import { NoConversation } from "../conversation/NoConversation.tsx"
import { ListPane } from "../inbox/ListPane.tsx"
import { Broken } from "./Broken.tsx"
import { ConnectionNotice } from "./ConnectionNotice.tsx"
import { Crash } from "./Crash.tsx"
import { useRoute } from "./Route.ts"
import { useSession } from "./SessionContext.ts"
import { ShortcutsDialog } from "./ShortcutsDialog.tsx"
import { TabTitle } from "./TabTitle.tsx"
import { useShortcuts } from "./useShortcuts.ts"

/** Two panes side by side, of which a phone shows one at a time. */
export const Messenger = () => {
  const route = useRoute()
  const { client } = useSession()
  const [help, setHelp] = useState(false)
  useShortcuts(route, () => setHelp(true))
  // Kept by the page and not by a pane: with no reader the client would drop the list on every change of view.
  useEffect(() => client.inbox.subscribe(() => undefined), [client])
  const { conversationId } = route
  return (
    <>
      <main className="messenger" data-open={conversationId !== null}>
        <ListPane route={route} showShortcuts={() => setHelp(true)} />
        {conversationId === null ? (
          <NoConversation />
        ) : (
          <Crash key={conversationId} instead={<Broken />}>
            <ConversationPane id={conversationId} route={route} />
          </Crash>
        )}
      </main>
      <ConnectionNotice />
      <TabTitle />
      <ShortcutsDialog isOpen={help} onOpenChange={setHelp} />
    </>
  )
}
