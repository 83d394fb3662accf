import type { FoundMessage } from "@indelible/client"
import { Button } from "react-aria-components"
import { useNameOf } from "../inbox/useNameOf.ts"
import { useMinute } from "../shell/useNow.ts"
import { useDates, useTexts } from "../texts/TextsContext.tsx"
import { ExcerptText } from "./ExcerptText.tsx"

interface Props {
  readonly message: FoundMessage
  /** In a conversation of its own the other person's name says who wrote it; among many, whom it is with. */
  readonly within: "all" | "conversation"
  readonly isCurrent: boolean
  readonly show: () => void
}

export const FoundMessageRow = ({ message, within, isCurrent, show }: Props) => {
  const texts = useTexts()
  const dates = useDates()
  const now = useMinute()
  const name = useNameOf()(message.other)
  const title = within === "conversation" && message.mine ? texts.you : name
  return (
    <li>
      <Button className={isCurrent ? "found current" : "found"} onPress={show}>
        <span className="row-top">
          <span className="row-name" dir="auto">
            {title}
          </span>
          <time className="row-time" dateTime={message.sentAt}>
            {dates.short(message.sentAt, now)}
          </time>
        </span>
        <span className="found-text">
          {within === "all" && message.mine && `${texts.you}: `}
          <ExcerptText excerpt={message.excerpt} />
        </span>
      </Button>
    </li>
  )
}
