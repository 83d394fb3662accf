import type { OpenConversation, Timeline } from "@indelible/client"
import type { VirtualizerHandle } from "virtua"
import { type Place, rememberedPlace } from "./Place.ts"
import { posOf, type Row } from "./TimelineRows.ts"

/** A place to bring onto the screen. */
export interface Target {
  readonly pos: number
  readonly align: "start" | "center"
  readonly offset: number
}

/** The last entry that is on the screen as a whole. */
export const lastSeen = (list: VirtualizerHandle, rows: ReadonlyArray<Row>): number | null => {
  const end = list.scrollOffset + list.viewportSize + 8
  for (let index = Math.min(list.findItemIndex(end), rows.length - 1); index >= 0; index -= 1) {
    const pos = posOf(rows[index])
    if (pos !== null && list.getItemOffset(index) + list.getItemSize(index) <= end) return pos
    if (list.getItemOffset(index) + list.getItemSize(index) < list.scrollOffset) return null
  }
  return null
}

/** The first entry on the screen, by which one finds back. */
export const placeOf = (list: VirtualizerHandle, rows: ReadonlyArray<Row>): Place | null => {
  for (let index = list.findItemIndex(list.scrollOffset); index < rows.length; index += 1) {
    const pos = posOf(rows[index])
    if (pos !== null) return { pos, offset: list.scrollOffset - list.getItemOffset(index) }
  }
  return null
}

/** With something of what was read before it. */
export const unreadTarget = (pos: number): Target => ({ pos, align: "start", offset: -96 })

/** Where one begins to read; null: at the newest. */
export const firstTarget = (open: OpenConversation, timeline: Timeline, at: number | null): Target | null => {
  if (at !== null) return { pos: at, align: "center", offset: 0 }
  const place = rememberedPlace(open.id)
  if (place !== null) return { ...place, align: "start" }
  // Never past what is unread: whatever is on the screen reads all before it.
  return timeline.firstUnread === null ? null : unreadTarget(timeline.firstUnread)
}
