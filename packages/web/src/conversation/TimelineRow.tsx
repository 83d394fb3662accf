import type { OpenConversation } from "@indelible/client"
import { useMinute } from "../shell/useNow.ts"
import { useDates, useTexts } from "../texts/TextsContext.tsx"
import { MessageRow } from "./MessageRow.tsx"
import { SystemLine } from "./SystemLine.tsx"
import type { Row } from "./TimelineRows.ts"

interface Props {
  readonly row: Row
  readonly otherName: string
  readonly target: number | null
  readonly open: OpenConversation
}

const Day = ({ at }: { readonly at: string }) => {
  const dates = useDates()
  const now = useMinute()
  return (
    <h2 className="day">
      <time dateTime={at}>{dates.day(at, now)}</time>
    </h2>
  )
}

export const TimelineRow = ({ row, otherName, target, open }: Props) => {
  const texts = useTexts()
  switch (row.kind) {
    case "beginning":
      return <p className="beginning">{texts.beginning}</p>
    case "day":
      return <Day at={row.at} />
    case "unread":
      return <h2 className="unread-line">{texts.newMessages}</h2>
    case "system":
      return <SystemLine entry={row.entry} />
    case "message":
      return (
        <MessageRow
          entry={row.entry}
          continues={row.continues}
          otherName={otherName}
          isTarget={target !== null && row.entry.pos === target}
          open={open}
        />
      )
  }
}
