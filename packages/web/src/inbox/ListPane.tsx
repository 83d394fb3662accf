import { lazy, Suspense, useState } from "react"
import { Button } from "react-aria-components"
import { SearchBox } from "../search/SearchBox.tsx"
import { AccountMenu } from "../shell/AccountMenu.tsx"
import { Crash } from "../shell/Crash.tsx"
import { Icon } from "../shell/Icon.tsx"
import { NotLoaded } from "../shell/NotLoaded.tsx"
import { INBOX, navigate, type Route } from "../shell/Route.ts"
import { useSession } from "../shell/SessionContext.ts"
import { useWish } from "../shell/useShortcuts.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { Conversations } from "./Conversations.tsx"
import { StartDialog } from "./StartDialog.tsx"

const SearchResults = lazy(() => import("../search/SearchResults.tsx"))

interface Props {
  readonly route: Route
  readonly showShortcuts: () => void
}

/** The inbox, the archive or what a search found, under one bar. */
export const ListPane = ({ route, showShortcuts }: Props) => {
  const texts = useTexts()
  const { client } = useSession()
  const [starting, setStarting] = useState(false)
  useWish("new-conversation", () => setStarting(true))
  const { list } = route
  return (
    <nav className="list-pane" aria-label={texts.conversations}>
      <div className="pane-bar">
        {list.kind === "archived" ? (
          <Button
            className="icon-button"
            aria-label={texts.backToInbox}
            onPress={() => navigate({ ...route, list: INBOX.list })}
          >
            <Icon name="back" />
          </Button>
        ) : (
          <AccountMenu showShortcuts={showShortcuts} />
        )}
        <h1>{list.kind === "archived" ? texts.archived : texts.conversations}</h1>
        <Button className="icon-button" aria-label={texts.newConversation} onPress={() => setStarting(true)}>
          <Icon name="add" />
        </Button>
      </div>
      <SearchBox route={route} />
      {list.kind === "search" ? (
        <Crash instead={<NotLoaded />}>
          <Suspense fallback={<p className="nothing quiet">{texts.loading}</p>}>
            <SearchResults words={list.words} route={route} />
          </Suspense>
        </Crash>
      ) : (
        <Conversations
          key={list.kind}
          lister={list.kind === "archived" ? client.archive : client.inbox}
          route={route}
        />
      )}
      <StartDialog isOpen={starting} onOpenChange={setStarting} />
    </nav>
  )
}
