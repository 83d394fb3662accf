import type { OpenConversation, Timeline } from "@indelible/client"
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react"
import type { VirtualizerHandle } from "virtua"
import { useRepeats } from "../shell/Route.ts"
import { rememberPlace } from "./Place.ts"
import { firstTarget, lastSeen, placeOf, type Target, unreadTarget } from "./ReadingPlace.ts"
import { posOf, type Row } from "./TimelineRows.ts"

/** So near to the end counts as being there. */
const NEAR_END = 60
/** So near to what is not loaded, more is loaded: about two screens. */
const AHEAD = 1500

/** Keeps the eye where it is: at the newest while it is there, at what was asked for, else where it was. */
export const useTimelineScroll = (
  open: OpenConversation,
  timeline: Timeline,
  rows: ReadonlyArray<Row>,
  stretch: number,
  at: number | null,
  hasUnread: boolean,
  list: RefObject<VirtualizerHandle | null>
) => {
  const [atNewest, setAtNewest] = useState(true)
  const [placed, setPlaced] = useState(false)
  const follows = useRef(true)
  const target = useRef<Target | null>(null)
  const repeats = useRepeats()
  const asked = useRef<string | null>(null)
  const asks = `${at} ${repeats}`
  const [seeking, setSeeking] = useState<"not" | "now" | "done">("not")

  const attend = useEffectEvent(() => {
    const view = list.current
    if (view === null || !placed) return
    const left = view.scrollSize - view.scrollOffset - view.viewportSize
    follows.current = left < NEAR_END && !timeline.hasLater
    setAtNewest(follows.current)
    const pos = lastSeen(view, rows)
    if (pos !== null) open.seen(pos)
    if (timeline.loading !== "idle" || timeline.error !== null) return
    if (view.scrollOffset < AHEAD && timeline.hasEarlier) void open.earlier()
    else if (left < AHEAD && timeline.hasLater) void open.later()
  })
  const keep = useEffectEvent(() => {
    const view = list.current
    if (view !== null && placed) rememberPlace(open.id, follows.current ? null : placeOf(view, rows))
  })
  const toEnd = () => list.current?.scrollToIndex(rows.length - 1, { align: "end" })

  const reach = (wanted: Target): boolean => {
    const index = rows.findIndex((row) => posOf(row) === wanted.pos)
    if (index === -1) return false
    list.current?.scrollToIndex(index, { align: wanted.align, offset: wanted.offset })
    target.current = null
    follows.current = false
    return true
  }
  const show = useEffectEvent((wanted: Target) => {
    target.current = wanted
    if (reach(wanted)) return
    void open.goTo(wanted.pos).then(() => {
      // It is not there, or could not be loaded; the timeline says so.
      if (target.current === wanted) target.current = null
      setPlaced(true)
    })
  })

  /** It is further back than what was loaded first. */
  const seekFirstUnread = () => {
    setSeeking("now")
    void open.goToFirstUnread().then((pos) => {
      if (pos !== null) target.current = unreadTarget(pos)
      setSeeking("done")
    })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever other rows are shown, and not for other reasons
  useLayoutEffect(() => {
    if (rows.length === 0 || seeking === "now") return
    if (!placed) {
      const first = target.current ?? firstTarget(open, timeline, at)
      asked.current = asks
      if (first === null && hasUnread && timeline.hasEarlier && seeking === "not") {
        seekFirstUnread()
        return
      }
      if (first === null) toEnd()
      else if (!reach(first)) {
        if (target.current === null) show(first)
        return
      }
      requestAnimationFrame(() => requestAnimationFrame(() => setPlaced(true)))
      return
    }
    if (target.current !== null) reach(target.current)
    else if (follows.current) toEnd()
    const frame = requestAnimationFrame(attend)
    return () => cancelAnimationFrame(frame)
  }, [rows, stretch, placed, seeking])

  useEffect(() => {
    if (!placed || at === null || asked.current === asks) return
    asked.current = asks
    show({ pos: at, align: "center", offset: 0 })
  }, [at, asks, placed])

  useEffect(() => {
    window.addEventListener("pagehide", keep)
    return () => window.removeEventListener("pagehide", keep)
  }, [])

  return {
    atNewest,
    placed,
    onScroll: attend,
    onScrollEnd: keep,
    onResize: () => {
      if (follows.current && placed && target.current === null) toEnd()
      attend()
    },
    toNewest: () => {
      target.current = null
      follows.current = true
      rememberPlace(open.id, null)
      if (timeline.hasLater) void open.goToNewest()
      else toEnd()
    },
    toFirstUnread: async () => {
      const pos = await open.goToFirstUnread()
      if (pos !== null) show(unreadTarget(pos))
    }
  }
}
