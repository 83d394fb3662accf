import type { Timeline } from "@indelible/client"
import { Button } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly timeline: Timeline
  readonly unread: number
  readonly jump: () => Promise<void>
}

/** Offered while the first unread message is not in the stretch that is shown. */
export const FirstUnreadButton = ({ timeline, unread, jump }: Props) => {
  const texts = useTexts()
  const { firstUnread, entries } = timeline
  if (firstUnread === null || unread === 0 || entries.length === 0) return null
  if (entries.some(({ pos }) => pos === firstUnread)) return null
  return (
    <Button className="chip first-unread" onPress={() => void jump()}>
      {texts.firstUnread(unread)}
    </Button>
  )
}
