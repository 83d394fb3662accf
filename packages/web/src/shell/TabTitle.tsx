import { useEffect } from "react"
import { useTexts } from "../texts/TextsContext.tsx"
import { useSession } from "./SessionContext.ts"
import { useObservable } from "./useObservable.ts"

/** How many messages wait, where one sees it from another tab. */
export const TabTitle = () => {
  const texts = useTexts()
  const unread = useObservable(useSession().client.unread)
  useEffect(() => {
    document.title = unread === 0 ? texts.product : `(${unread}) ${texts.product}`
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]")
    if (icon !== null) icon.href = unread === 0 ? "/favicon.svg" : "/favicon-unread.svg"
  }, [unread, texts])
  return null
}
