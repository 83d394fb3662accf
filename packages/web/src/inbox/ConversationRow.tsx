import type { Conversation } from "@indelible/client"
import { GridListItem } from "react-aria-components"
import { useDates, useTexts } from "../texts/TextsContext.tsx"
import { Avatar } from "./Avatar.tsx"
import { Preview } from "./Preview.tsx"
import { useNameOf } from "./useNameOf.ts"

interface Props {
  readonly conversation: Conversation
  readonly now: number
  /** It is the one that is open. */
  readonly isCurrent: boolean
}

export const ConversationRow = ({ conversation, now, isCurrent }: Props) => {
  const texts = useTexts()
  const dates = useDates()
  const { id, other, presence, unreadCount, lastActivityAt } = conversation
  const name = useNameOf()(other)
  const online = presence?.online ?? false
  return (
    <GridListItem
      id={id}
      textValue={name}
      className={isCurrent ? "row current" : "row"}
      data-unread={unreadCount > 0}
    >
      <Avatar id={other.userId ?? id} name={name} online={online} />
      <span className="row-top" aria-current={isCurrent}>
        <span className="row-name" dir="auto">
          {name}
        </span>
        {online && <span className="unseen">{texts.online}</span>}
        <time className="row-time" dateTime={lastActivityAt}>
          {dates.short(lastActivityAt, now)}
        </time>
      </span>
      <span className="row-bottom">
        <Preview conversation={conversation} />
        {unreadCount > 0 && (
          <span className="badge">
            <span aria-hidden="true">{unreadCount > 999 ? "999+" : unreadCount}</span>
            <span className="unseen">{texts.unread(unreadCount)}</span>
          </span>
        )}
      </span>
    </GridListItem>
  )
}
