import type { HeldConversation } from "../held/HeldConversation.ts"
import { type MarkMade, withKnownMarks, withMark } from "../held/Marks.ts"
import type { StoredEntry } from "../held/StoredEntry.ts"
import type { EntryPage } from "../held/Tail.ts"

/**
 * The entries that are looked at, without a hole. `newest`: those before the tail that the device holds, up to `upTo`,
 * where it begins. `elsewhere`: round a place further back.
 */
export type Stretch =
  | {
      readonly at: "newest"
      readonly before: ReadonlyArray<StoredEntry>
      readonly hasEarlier: boolean
      readonly upTo: number
    }
  | {
      readonly at: "elsewhere"
      readonly entries: ReadonlyArray<StoredEntry>
      readonly hasEarlier: boolean
    }

export const newest = ({ hasEarlier, tailFrom }: HeldConversation): Stretch => ({
  at: "newest",
  before: [],
  hasEarlier,
  upTo: tailFrom
})

export const entriesOf = (stretch: Stretch, held: HeldConversation): ReadonlyArray<StoredEntry> =>
  stretch.at === "newest" ? [...stretch.before, ...held.tail] : stretch.entries

export const firstPos = (stretch: Stretch, held: HeldConversation): number | undefined =>
  entriesOf(stretch, held)[0]?.pos

/** Whether the tail still begins where this ends. */
export const fits = (stretch: Stretch, held: HeldConversation): boolean =>
  stretch.at === "elsewhere" || stretch.upTo === held.tailFrom

export const withEarlier = (stretch: Stretch, page: EntryPage, held: HeldConversation): Stretch => {
  const entries = withKnownMarks(page.entries, held)
  const { hasEarlier } = page
  return stretch.at === "newest"
    ? { ...stretch, hasEarlier, before: [...entries, ...stretch.before] }
    : { ...stretch, hasEarlier, entries: [...entries, ...stretch.entries] }
}

/** Goes on towards the newest; once it reaches what the device holds it is a stretch that ends with the newest. */
export const withLater = (stretch: Stretch, page: EntryPage, held: HeldConversation): Stretch => {
  if (stretch.at === "newest") return stretch
  const entries = [...stretch.entries, ...withKnownMarks(page.entries, held)]
  const last = entries.at(-1)?.pos ?? 0
  const reaches = last >= held.tailFrom || (!page.hasLater && page.reflects >= held.tailFrom)
  if (!reaches) return { ...stretch, entries }
  const before = entries.filter(({ pos }) => pos <= held.tailFrom)
  return { at: "newest", before, hasEarlier: stretch.hasEarlier, upTo: held.tailFrom }
}

export const around = (page: EntryPage, held: HeldConversation): Stretch =>
  withLater({ at: "elsewhere", entries: [], hasEarlier: page.hasEarlier }, page, held)

export const markStretch = (stretch: Stretch, mark: MarkMade): Stretch =>
  stretch.at === "newest"
    ? { ...stretch, before: withMark(stretch.before, mark) }
    : { ...stretch, entries: withMark(stretch.entries, mark) }
