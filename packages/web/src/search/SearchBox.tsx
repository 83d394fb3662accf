import { useEffect, useRef, useState } from "react"
import { Button, Input, SearchField } from "react-aria-components"
import { Icon } from "../shell/Icon.tsx"
import { INBOX, navigate, type Route } from "../shell/Route.ts"
import { useWish } from "../shell/useShortcuts.ts"
import { useTexts } from "../texts/TextsContext.tsx"

/** What is typed becomes part of the address, so that a search can be come back to. */
export const SearchBox = ({ route }: { readonly route: Route }) => {
  const texts = useTexts()
  const input = useRef<HTMLInputElement>(null)
  const ofRoute = route.list.kind === "search" ? route.list.words : ""
  const [words, setWords] = useState(ofRoute)
  useEffect(() => setWords(ofRoute), [ofRoute])
  useWish("search", () => {
    input.current?.focus()
    input.current?.select()
  })
  const search = (next: string) => {
    setWords(next)
    if (next !== "") {
      navigate(
        { ...route, list: { kind: "search", words: next } },
        route.list.kind === "search" ? "replace" : "push"
      )
    } else if (route.list.kind === "search") navigate({ ...route, list: INBOX.list }, "replace")
  }
  return (
    <SearchField className="search-box" aria-label={texts.search} value={words} onChange={search}>
      <Icon name="search" />
      <Input ref={input} placeholder={texts.search} maxLength={200} dir="auto" enterKeyHint="search" />
      <Button className="icon-button small" aria-label={texts.clear}>
        <Icon name="close" />
      </Button>
    </SearchField>
  )
}
