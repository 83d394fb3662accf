/** Where one reads in a conversation: an entry, and how many pixels of it are above the edge. */
export interface Place {
  readonly pos: number
  readonly offset: number
}

const keyOf = (conversationId: string) => `indelible.place.${conversationId}`

/**
 * null: at the newest, or never looked at in this tab. A place is one of the address it was reached by: whoever follows
 * a search's hit (`at`) comes to that, and whoever reloads then stays where they were.
 */
export const rememberedPlace = (conversationId: string, at: number | null): Place | null => {
  const [pos, offset, from] = (sessionStorage.getItem(keyOf(conversationId)) ?? "").split(" ")
  if (pos === undefined || offset === undefined || (at !== null && from !== String(at))) return null
  const place = { pos: Number(pos), offset: Number(offset) }
  return Number.isFinite(place.pos) && Number.isFinite(place.offset) ? place : null
}

export const rememberPlace = (conversationId: string, at: number | null, place: Place | null) => {
  if (place === null) sessionStorage.removeItem(keyOf(conversationId))
  else sessionStorage.setItem(keyOf(conversationId), `${place.pos} ${place.offset.toFixed(2)} ${at ?? ""}`)
}
