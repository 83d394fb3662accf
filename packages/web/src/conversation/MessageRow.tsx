import type { MessageEntry, OpenConversation } from "@indelible/client"
import { memo } from "react"
import { useDates, useTexts } from "../texts/TextsContext.tsx"
import { FailedSend } from "./FailedSend.tsx"
import { LinkedText } from "./LinkedText.tsx"
import { MessageTicks } from "./MessageTicks.tsx"

interface Props {
  readonly entry: MessageEntry
  readonly continues: boolean
  readonly otherName: string
  readonly isTarget: boolean
  readonly open: OpenConversation
}

export const MessageRow = memo(({ entry, continues, otherName, isTarget, open }: Props) => {
  const texts = useTexts()
  const dates = useDates()
  const { mine, text, at } = entry
  return (
    <div
      className="message"
      data-mine={mine}
      data-failed={entry.state === "failed"}
      data-continues={continues}
      data-target={isTarget}
    >
      {/* Laid out as its text runs, whatever the page does: what is the page's own says its direction. */}
      <div className="bubble" dir="auto">
        <span className="unseen" dir={texts.direction}>
          {texts.saidBy(mine ? texts.you : otherName, "")}
        </span>
        {text === null ? (
          <em className="text" dir={texts.direction}>
            {texts.notRetained}
          </em>
        ) : (
          <LinkedText text={text} />
        )}
        <span className="stamp">
          <time dateTime={at} dir={texts.direction} title={new Date(at).toLocaleString(texts.locale)}>
            {dates.time(at)}
          </time>
          {mine && <MessageTicks entry={entry} />}
        </span>
      </div>
      {entry.state === "failed" && <FailedSend entry={entry} open={open} />}
    </div>
  )
})
