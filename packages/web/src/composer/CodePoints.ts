/** As the service counts a text: an emoji of a family is several, half a surrogate pair is one. */
export const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** The most that a message may have. */
export const MOST = 5000

/** From here on one is told how much is left. */
const NEAR = 4500

/** How many may still be written, negative when there are too many; null while that is far away. */
export const codePointsLeft = (text: string): number | null => {
  // No text has more code points than UTF-16 units.
  if (text.length < NEAR) return null
  const count = codePoints(text)
  return count < NEAR ? null : MOST - count
}
