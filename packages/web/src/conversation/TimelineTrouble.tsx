import type { OpenConversation, Timeline } from "@indelible/client"
import { Button } from "react-aria-components"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly timeline: Timeline
  readonly open: OpenConversation
}

/** Lies over the messages, which do not move for it: that more is being loaded, or why it was not. */
export const TimelineTrouble = ({ timeline, open }: Props) => {
  const texts = useTexts()
  const { loading, error, hasEarlier, hasLater, entries } = timeline
  if (error !== null) {
    const again = () => {
      if (entries.length === 0) void open.goToNewest()
      else if (hasEarlier) void open.earlier()
      else if (hasLater) void open.later()
    }
    return (
      <div className="chip trouble" role="alert">
        <span>
          {texts.timelineFailed} {refusalText(texts, error)}
        </span>
        <Button className="text-button" onPress={again}>
          {texts.tryAgain}
        </Button>
      </div>
    )
  }
  if (loading === "idle") return null
  return (
    <div className="chip trouble" data-loading={loading}>
      {texts.loading}
    </div>
  )
}
