import { useMemo, useSyncExternalStore } from "react"

/** Which list stands beside an open conversation. */
export type List =
  | { readonly kind: "inbox" }
  | { readonly kind: "archived" }
  | { readonly kind: "search"; readonly words: string }

export interface Route {
  readonly list: List
  readonly conversationId: string | null
  /** The `pos` of an entry to show; null: where one was. */
  readonly at: number | null
}

export const INBOX: Route = { list: { kind: "inbox" }, conversationId: null, at: null }

const CONVERSATION = /^\/c\/([^/]+)$/

const readList = (path: string, query: URLSearchParams): List => {
  const words = query.get("q")
  if (words !== null) return { kind: "search", words }
  if (path === "/search") return { kind: "search", words: "" }
  return path === "/archived" || query.has("archived") ? { kind: "archived" } : { kind: "inbox" }
}

const decoded = (part: string): string | null => {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

export const readRoute = (address: string): Route => {
  const { pathname, searchParams } = new URL(address, "http://page")
  const id = CONVERSATION.exec(pathname)?.[1]
  const at = searchParams.get("at")
  return {
    list: readList(pathname, searchParams),
    conversationId: id === undefined ? null : decoded(id),
    at: at !== null && /^\d{1,15}$/.test(at) ? Number(at) : null
  }
}

const listPaths = { inbox: "/", archived: "/archived", search: "/search" }

export const addressOf = ({ list, conversationId, at }: Route): string => {
  const query = new URLSearchParams()
  if (list.kind === "search") query.set("q", list.words)
  if (list.kind === "archived" && conversationId !== null) query.set("archived", "")
  if (at !== null) query.set("at", String(at))
  const path = conversationId === null ? listPaths[list.kind] : `/c/${encodeURIComponent(conversationId)}`
  return query.size === 0 ? path : `${path}?${query}`
}

const listeners = new Set<() => void>()
const changed = () => {
  for (const listener of listeners) listener()
}

/** How many steps back lead to a page of ours. */
const depth = (): number => {
  const state: unknown = history.state
  return typeof state === "object" && state !== null && "depth" in state && typeof state.depth === "number"
    ? state.depth
    : 0
}

/** How often somebody was led to where they were already. */
let repeats = 0

export const navigate = (route: Route, how: "push" | "replace" = "push") => {
  const address = addressOf(route)
  if (address === location.pathname + location.search) repeats += 1
  else if (how === "push") history.pushState({ depth: depth() + 1 }, "", address)
  else history.replaceState({ depth: depth() }, "", address)
  changed()
}

/** As the browser's own button, but never out of the messenger. */
export const goBack = (otherwise: Route) => {
  if (depth() > 0) history.back()
  else navigate(otherwise, "replace")
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  window.addEventListener("popstate", listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener("popstate", listener)
  }
}

export const useRoute = (): Route => {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search)
  return useMemo(() => readRoute(address), [address])
}

/** Changes whenever the same address is asked for again, as by a search hit that was followed before. */
export const useRepeats = (): number => useSyncExternalStore(subscribe, () => repeats)
