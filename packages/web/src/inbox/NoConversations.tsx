import type { ConversationList } from "@indelible/client"
import { Button } from "react-aria-components"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly list: ConversationList
  readonly archived: boolean
  readonly tryAgain: () => Promise<void>
}

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7]

/** Stands where a list would: it is being loaded, it failed, or there is nothing. */
export const NoConversations = ({ list, archived, tryAgain }: Props) => {
  const texts = useTexts()
  if (list.error !== null) {
    return (
      <div className="nothing">
        <p role="alert">
          {texts.listFailed} {refusalText(texts, list.error)}
        </p>
        <Button className="button" onPress={() => void tryAgain()}>
          {texts.tryAgain}
        </Button>
      </div>
    )
  }
  if (list.loading !== "idle") {
    return (
      <div className="places" role="status">
        <span className="unseen">{texts.loading}</span>
        {PLACES.map((place) => (
          <div className="place" key={place} aria-hidden="true" />
        ))}
      </div>
    )
  }
  return (
    <div className="nothing">
      <p>{archived ? texts.noneArchived : texts.noConversations}</p>
      {!archived && <p className="quiet">{texts.noConversationsHint}</p>}
    </div>
  )
}
