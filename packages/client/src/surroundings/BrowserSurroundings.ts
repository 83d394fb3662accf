import type { Surroundings } from "./Surroundings.ts"

const windowEvents = ["online", "offline", "focus", "blur", "pageshow"] as const

export const browserSurroundings: Surroundings = {
  isOnline: () => navigator.onLine,
  isAttended: () => document.visibilityState === "visible" && document.hasFocus(),
  subscribe: (listener) => {
    for (const event of windowEvents) window.addEventListener(event, listener)
    document.addEventListener("visibilitychange", listener)
    return () => {
      for (const event of windowEvents) window.removeEventListener(event, listener)
      document.removeEventListener("visibilitychange", listener)
    }
  }
}
