import type { Surroundings } from "./Surroundings.ts"

/** A program that is told nothing of network and screen: what it marks as seen counts as read. */
export const plainSurroundings: Surroundings = {
  isOnline: () => true,
  isAttended: () => true,
  subscribe: () => () => {}
}
