import type { MessageEntry, SystemEntry, Timeline } from "@indelible/client"
import { dayNumber } from "../texts/Dates.ts"

/** What a timeline shows, line by line. */
export type Row =
  | { readonly kind: "beginning"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | { readonly kind: "unread"; readonly key: string }
  | { readonly kind: "system"; readonly key: string; readonly entry: SystemEntry }
  | {
      readonly kind: "message"
      readonly key: string
      readonly entry: MessageEntry
      /** Said by the same person right after the message before it. */
      readonly continues: boolean
    }

const RIGHT_AFTER = 5 * 60_000

const continues = (before: MessageEntry | null, entry: MessageEntry): boolean =>
  before !== null && before.mine === entry.mine && Date.parse(entry.at) - Date.parse(before.at) < RIGHT_AFTER

/**
 * Entries with what separates them. A day is separated where the device's calendar changes it; the key of a separator
 * is the day, which a list has once unless the device's clock ran backwards, and then the entry's key tells them apart.
 */
export const rowsOf = ({ entries, firstUnread, hasEarlier }: Timeline): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  const days = new Set<number>()
  let day: number | null = null
  let before: MessageEntry | null = null
  if (!hasEarlier && entries.length > 0) rows.push({ kind: "beginning", key: "beginning" })
  for (const entry of entries) {
    const today = dayNumber(Date.parse(entry.at))
    if (today !== day) {
      rows.push({ kind: "day", key: days.has(today) ? `day ${entry.key}` : `day ${today}`, at: entry.at })
      days.add(today)
      day = today
      before = null
    }
    if (entry.pos !== null && entry.pos === firstUnread) {
      rows.push({ kind: "unread", key: "unread" })
      before = null
    }
    if (entry.kind === "system") {
      rows.push({ kind: "system", key: entry.key, entry })
      before = null
    } else {
      rows.push({ kind: "message", key: entry.key, entry, continues: continues(before, entry) })
      before = entry
    }
  }
  return rows
}

/** The place in the record that a row stands for, if any. */
export const posOf = (row: Row | undefined): number | null =>
  row?.kind === "message" || row?.kind === "system" ? row.entry.pos : null
