import { useEffect, useEffectEvent } from "react"
import { INBOX, navigate, type Route } from "./Route.ts"
import { useSession } from "./SessionContext.ts"

/** Asks other parts of the page, which know how: they listen while they are shown. */
export type Wish = "search" | "search-here" | "new-conversation" | "escape"
const wishName = "indelible-wish"

const wish = (what: Wish) => window.dispatchEvent(new CustomEvent<Wish>(wishName, { detail: what }))

/** Does what a shortcut asked for, while the component is shown. */
export const useWish = (what: Wish, fulfil: () => void) => {
  const grant = useEffectEvent(fulfil)
  useEffect(() => {
    const listener = (event: Event) => {
      if (event instanceof CustomEvent && event.detail === what) grant()
    }
    window.addEventListener(wishName, listener)
    return () => window.removeEventListener(wishName, listener)
  }, [what])
}

const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** A dialog or menu has the keyboard for itself. */
const dialogIsOpen = () => document.querySelector("[role=dialog],[role=alertdialog],[role=menu]") !== null

const wishOf = (event: KeyboardEvent): Wish | null => {
  const key = event.key.toLowerCase()
  if ((event.ctrlKey || event.metaKey) && key === "k") return event.shiftKey ? "search-here" : "search"
  if (event.altKey && event.code === "KeyN") return "new-conversation"
  if (key === "/" && !writes(event.target)) return "search"
  return key === "escape" ? "escape" : null
}

/** The keys that work anywhere in the messenger; `Catalogue.keys` tells people of them. */
export const useShortcuts = (route: Route, showHelp: () => void) => {
  const { client } = useSession()
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || dialogIsOpen()) return
    const wanted = wishOf(event)
    if (wanted !== null) {
      if (wanted !== "escape") event.preventDefault()
      wish(wanted)
    } else if (event.key === "?" && !writes(event.target)) {
      event.preventDefault()
      showHelp()
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault()
      step(event.key === "ArrowUp" ? -1 : 1)
    }
  })
  const step = (by: -1 | 1) => {
    const { conversations } = (route.list.kind === "archived" ? client.archive : client.inbox).get()
    const here = conversations.findIndex(({ id }) => id === route.conversationId)
    const next = conversations[here === -1 ? 0 : here + by]
    if (next === undefined) return
    const list = route.list.kind === "archived" ? route.list : INBOX.list
    navigate({ list, conversationId: next.id, at: null }, route.conversationId === null ? "push" : "replace")
  }
  useEffect(() => {
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [])
}
