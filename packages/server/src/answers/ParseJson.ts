/** The value of a text that is JSON; undefined, which no JSON is, for one that is not. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Too deeply nested counts as malformed too.
    return undefined
  }
}
