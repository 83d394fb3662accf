import type { Conversation } from "@indelible/client"
import { Button } from "react-aria-components"
import { Avatar } from "../inbox/Avatar.tsx"
import { useNameOf } from "../inbox/useNameOf.ts"
import { Icon } from "../shell/Icon.tsx"
import { useMinute } from "../shell/useNow.ts"
import { useDates, useTexts } from "../texts/TextsContext.tsx"
import { ConversationMenu } from "./ConversationMenu.tsx"

interface Props {
  readonly conversation: Conversation
  readonly back: () => void
  readonly search: () => void
  readonly archive: () => void
  readonly reopen: () => void
}

/** Who it is with, and whether they are here. */
export const ConversationHeader = ({ conversation, back, search, archive, reopen }: Props) => {
  const texts = useTexts()
  const dates = useDates()
  const now = useMinute()
  const { other, presence, typing, status } = conversation
  const name = useNameOf()(other)
  const seen = presence?.lastSeenAt ?? null
  const away = seen === null ? "" : texts.lastSeen(dates.moment(seen, now))
  return (
    <header className="pane-bar">
      {/* Where there is no keyboard to write with at once, the focus still comes along into the conversation. */}
      <Button
        className="icon-button back-button"
        aria-label={texts.back}
        autoFocus={!matchMedia("(pointer: fine)").matches}
        onPress={back}
      >
        <Icon name="back" />
      </Button>
      <Avatar id={other.userId ?? conversation.id} name={name} online={presence?.online ?? false} />
      <div className="who-line">
        <h1 dir="auto">{name}</h1>
        <p className={typing ? "typing-word" : "quiet"}>
          {typing ? texts.typing : presence?.online ? texts.online : away}
        </p>
      </div>
      <Button className="icon-button" aria-label={texts.searchHere} onPress={search}>
        <Icon name="search" />
      </Button>
      <ConversationMenu archived={status !== "ACTIVE"} archive={archive} reopen={reopen} />
    </header>
  )
}
