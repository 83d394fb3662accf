import { Button } from "react-aria-components"
import { Icon } from "../shell/Icon.tsx"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly unread: number
  readonly jump: () => void
}

export const NewestButton = ({ unread, jump }: Props) => {
  const texts = useTexts()
  return (
    <Button
      className="newest-button"
      aria-label={unread > 0 ? texts.toNewestUnread(unread) : texts.toNewest}
      onPress={jump}
    >
      <Icon name="down" />
      {unread > 0 && (
        <span className="badge" aria-hidden="true">
          {unread > 999 ? "999+" : unread}
        </span>
      )}
    </Button>
  )
}
