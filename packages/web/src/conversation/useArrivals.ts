import type { Timeline } from "@indelible/client"
import { useEffect, useRef } from "react"
import { useNotices } from "../shell/Notices.tsx"
import { useTexts } from "../texts/TextsContext.tsx"

/** Reads out what the other person writes while the conversation is open. */
export const useArrivals = ({ entries, hasLater, loading }: Timeline, name: string) => {
  const texts = useTexts()
  const { announce } = useNotices()
  const newest = useRef<number | null>(null)
  useEffect(() => {
    if (hasLater || loading === "first") return
    const known = newest.current
    for (const entry of entries.slice(-5)) {
      if (entry.pos === null || (known !== null && entry.pos <= known)) continue
      newest.current = Math.max(newest.current ?? 0, entry.pos)
      if (known !== null && entry.kind === "message" && !entry.mine && entry.text !== null) {
        announce(texts.saidBy(name, entry.text))
      }
    }
  }, [entries, hasLater, loading, announce, texts, name])
}
