import type { Conversation, OpenConversation } from "@indelible/client"
import { type Ref, useImperativeHandle, useMemo, useRef } from "react"
import { Virtualizer, type VirtualizerHandle } from "virtua"
import { useNameOf } from "../inbox/useNameOf.ts"
import { useObservable } from "../shell/useObservable.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { FirstUnreadButton } from "./FirstUnreadButton.tsx"
import { NewestButton } from "./NewestButton.tsx"
import { TimelineRow } from "./TimelineRow.tsx"
import { rowsOf } from "./TimelineRows.ts"
import { TimelineTrouble } from "./TimelineTrouble.tsx"
import { useArrivals } from "./useArrivals.ts"
import { useStretch } from "./useStretch.ts"
import { useTimelineScroll } from "./useTimelineScroll.ts"

export interface TimelineHandle {
  readonly toNewest: () => void
}

interface Props {
  readonly open: OpenConversation
  readonly conversation: Conversation
  readonly at: number | null
  readonly ref: Ref<TimelineHandle>
}

/** The record of a conversation. Only what is near the screen is in the page, however long it is. */
export const TimelineView = ({ open, conversation, at, ref }: Props) => {
  const texts = useTexts()
  const name = useNameOf()(conversation.other)
  const timeline = useObservable(open.timeline)
  const rows = useMemo(() => rowsOf(timeline), [timeline])
  const list = useRef<VirtualizerHandle>(null)
  const stretch = useStretch(rows)
  const scroll = useTimelineScroll(
    open,
    timeline,
    rows,
    stretch.number,
    at,
    conversation.unreadCount > 0,
    list
  )
  useArrivals(timeline, name)
  useImperativeHandle(ref, () => ({ toNewest: scroll.toNewest }))
  const unread = conversation.unreadCount
  return (
    <div className="timeline">
      {/* Not live: scrolling brings old entries into the page, which nobody wants read out. New ones are announced. */}
      <div
        className="timeline-scroller"
        role="log"
        aria-live="off"
        aria-label={texts.messagesWith(name)}
        aria-busy={timeline.loading !== "idle"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        data-placed={scroll.placed || rows.length === 0}
      >
        <div className="timeline-fill" />
        <Virtualizer
          key={stretch.number}
          ref={list}
          data={rows}
          shift={stretch.grewAtStart}
          bufferSize={400}
          onScroll={scroll.onScroll}
          onScrollEnd={scroll.onScrollEnd}
          onResize={scroll.onResize}
        >
          {(row) => <TimelineRow key={row.key} row={row} otherName={name} target={at} open={open} />}
        </Virtualizer>
      </div>
      <TimelineTrouble timeline={timeline} open={open} />
      <FirstUnreadButton timeline={timeline} unread={unread} jump={scroll.toFirstUnread} />
      {scroll.placed && !scroll.atNewest && <NewestButton unread={unread} jump={scroll.toNewest} />}
    </div>
  )
}
