import type { HeldConversation } from "./HeldConversation.ts"
import { withKnownMarks } from "./Marks.ts"
import type { StoredEntry } from "./StoredEntry.ts"

/** A page of entries as the service answered it, oldest first, without holes. */
export interface EntryPage {
  readonly entries: ReadonlyArray<StoredEntry>
  readonly hasEarlier: boolean
  readonly hasLater: boolean
  /** `pos` up to which it reflects everything. */
  readonly reflects: number
}

/** Whether nothing is missing between the newest page and what came live. */
export const meets = (held: HeldConversation, page: EntryPage): boolean =>
  !page.hasLater && page.reflects >= held.tailFrom

/** What came live, with the newest page before it. The page has to meet it. */
export const withPage = (held: HeldConversation, page: EntryPage): HeldConversation => {
  const before = page.entries.filter(({ pos }) => pos <= held.tailFrom)
  const [first] = before
  // All of it is newer than where the tail begins: what lies before that is as unknown as it was.
  if (first === undefined && page.hasEarlier) return held
  return {
    ...held,
    tail: [...withKnownMarks(before, held), ...held.tail],
    tailFrom: page.hasEarlier && first !== undefined ? first.pos - 1 : 0,
    hasEarlier: page.hasEarlier
  }
}

/** Only the newest entries, at most so many. */
export const trimmed = (held: HeldConversation, most: number): HeldConversation => {
  const cut = held.tail.length - most
  const last = held.tail[cut - 1]
  if (cut <= 0 || last === undefined) return held
  return { ...held, tail: held.tail.slice(cut), tailFrom: last.pos, hasEarlier: true }
}
