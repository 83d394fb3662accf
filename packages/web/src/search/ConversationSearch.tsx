import type { OpenConversation } from "@indelible/client"
import { useCallback, useState } from "react"
import { Button, Input, SearchField } from "react-aria-components"
import { Icon } from "../shell/Icon.tsx"
import { navigate, type Route } from "../shell/Route.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { FoundMessageList } from "./FoundMessageList.tsx"
import { useFound } from "./useFound.ts"

interface Props {
  readonly open: OpenConversation
  readonly route: Route
  readonly close: () => void
}

/** Found messages beside the conversation, or over it where there is no room. Loaded when first wanted. */
const ConversationSearch = ({ open, route, close }: Props) => {
  const texts = useTexts()
  const [words, setWords] = useState("")
  const ask = useCallback(
    (wanted: string, cursor: string | undefined) =>
      open.search(cursor === undefined ? { words: wanted } : { words: wanted, cursor }),
    [open]
  )
  const { found, more } = useFound(words, ask)
  const answered = words.trim() !== "" && !found.busy && found.error === null
  return (
    <search className="conversation-search" aria-label={texts.searchHere}>
      <div className="pane-bar">
        <SearchField
          className="search-box"
          aria-label={texts.searchHere}
          value={words}
          onChange={setWords}
          autoFocus
        >
          <Icon name="search" />
          <Input placeholder={texts.searchHere} maxLength={200} dir="auto" enterKeyHint="search" />
        </SearchField>
        <Button className="icon-button" aria-label={texts.close} onPress={close}>
          <Icon name="close" />
        </Button>
      </div>
      <div className="results">
        <p className="results-count quiet" role="status">
          {answered ? texts.results(found.messages.length) : texts.searchHint}
        </p>
        <FoundMessageList
          found={found}
          more={more}
          within="conversation"
          isCurrent={({ pos }) => pos === route.at}
          show={({ pos }) => {
            navigate({ ...route, at: pos }, "replace")
            if (matchMedia("(width < 700px)").matches) close()
          }}
        />
      </div>
    </search>
  )
}

export default ConversationSearch
