import { durable, shownAsSent } from "./I1Durable.ts"
import { honest, repeatsWereSent, savedWhenAsked, settled } from "./I2Honest.ts"
import { ordered, rising } from "./I3Order.ts"
import { unique, withoutDuplicates } from "./I4NoDuplicates.ts"
import { delivered } from "./I5Delivered.ts"
import { receipts } from "./I6Receipts.ts"
import { projections } from "./I7Projections.ts"
import { losable } from "./I8Losable.ts"
import type { Story } from "./Story.ts"
import type { Violation } from "./Violation.ts"

/** Everything that somebody is shown one after the other, by whom and where. */
const listsIn = ({ frames, histories, searches }: Story) => [
  ...histories.map(({ conv, seen, user }) => ({
    where: `history of ${user} ${conv}`,
    positions: seen.map(({ pos }) => pos)
  })),
  ...searches.map(({ conv, seen, user }) => ({
    where: `search of ${user} ${conv}`,
    // Newest first.
    positions: seen.toReversed()
  })),
  ...Array.from(
    // What came while a device asked for what it missed may have come before, or come again.
    Map.groupBy(
      frames.filter(({ via }) => via === "live"),
      ({ conv, proc, session }) => `frames of ${proc} ${session} ${conv}`
    ),
    ([where, own]) => ({ where, positions: own.map(({ pos }) => pos) })
  )
]

/** Every promise that was broken. Pure: the same story, the same verdict. */
export const check = (story: Story): ReadonlyArray<Violation> => {
  const lists = listsIn(story)
  return [
    ...durable(story.sends),
    ...shownAsSent(story),
    ...honest(story.sends),
    ...settled(story.sends),
    ...savedWhenAsked(story),
    ...repeatsWereSent(story),
    ...ordered(story.sends),
    ...lists.flatMap(({ positions, where }) => rising(where, positions)),
    ...withoutDuplicates(story.sends),
    ...lists.flatMap(({ positions, where }) => unique(where, positions)),
    ...delivered(story),
    ...receipts(story),
    ...projections(story),
    ...losable(story)
  ]
}
