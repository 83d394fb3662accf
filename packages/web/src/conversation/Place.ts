/** Where one reads in a conversation: an entry, and how many pixels of it are above the edge. */
export interface Place {
  readonly pos: number
  readonly offset: number
}

const keyOf = (conversationId: string) => `indelible.place.${conversationId}`

/** null: at the newest, or never looked at in this tab. */
export const rememberedPlace = (conversationId: string): Place | null => {
  const [pos, offset] = (sessionStorage.getItem(keyOf(conversationId)) ?? "").split(" ").map(Number)
  return pos !== undefined && offset !== undefined && Number.isFinite(pos) && Number.isFinite(offset)
    ? { pos, offset }
    : null
}

export const rememberPlace = (conversationId: string, place: Place | null) => {
  if (place === null) sessionStorage.removeItem(keyOf(conversationId))
  else sessionStorage.setItem(keyOf(conversationId), `${place.pos} ${place.offset.toFixed(2)}`)
}
