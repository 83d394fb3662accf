import type { ConversationLister } from "@indelible/client"
import { Collection, GridList, GridListLoadMoreItem, ListLayout, Virtualizer } from "react-aria-components"
import { navigate, type Route } from "../shell/Route.ts"
import { useMinute } from "../shell/useNow.ts"
import { useObservable } from "../shell/useObservable.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { ConversationRow } from "./ConversationRow.tsx"
import { NoConversations } from "./NoConversations.tsx"

interface Props {
  readonly lister: ConversationLister
  readonly route: Route
}

/** One row's height, fixed so that nothing moves while a list fills. */
const layout = { rowHeight: 72, loaderHeight: 40 }

export const Conversations = ({ lister, route }: Props) => {
  const texts = useTexts()
  const now = useMinute()
  const list = useObservable(lister)
  const archived = route.list.kind === "archived"
  if (list.conversations.length === 0) {
    return <NoConversations list={list} archived={archived} tryAgain={lister.more} />
  }
  return (
    <Virtualizer layout={ListLayout} layoutOptions={layout}>
      {/* Nothing is selected by moving through the list: that would open it, and make it read. */}
      <GridList
        className="rows"
        aria-label={archived ? texts.archived : texts.conversations}
        onAction={(key) => navigate({ list: route.list, conversationId: String(key), at: null })}
      >
        <Collection items={list.conversations} dependencies={[now, texts, route.conversationId]}>
          {(conversation) => (
            <ConversationRow
              conversation={conversation}
              now={now}
              isCurrent={conversation.id === route.conversationId}
            />
          )}
        </Collection>
        {list.hasMore && (
          <GridListLoadMoreItem
            className="loading-row"
            isLoading={list.loading === "more"}
            onLoadMore={lister.more}
          >
            {texts.loading}
          </GridListLoadMoreItem>
        )}
      </GridList>
    </Virtualizer>
  )
}
