import type { MessageEntry } from "@indelible/client"
import { Ticks } from "../inbox/Ticks.tsx"
import { useDates, useTexts } from "../texts/TextsContext.tsx"

/** How far a message of one's own got, and when it got there. */
export const MessageTicks = ({ entry }: { readonly entry: MessageEntry }) => {
  const texts = useTexts()
  const dates = useDates()
  const now = Date.now()
  const { state, at, deliveredAt, readAt } = entry
  if (state === null) return null
  if (state === "queued" || state === "failed") return <Ticks state={state} />
  const reached = [
    texts.stateAt("sent", dates.moment(at, now)),
    deliveredAt === null ? null : texts.stateAt("delivered", dates.moment(deliveredAt, now)),
    readAt === null ? null : texts.stateAt("read", dates.moment(readAt, now))
  ]
  return <Ticks state={state} description={reached.filter((step) => step !== null).join(" · ")} />
}
