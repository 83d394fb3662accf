import type { FoundMessage } from "@indelible/client"
import { Button } from "react-aria-components"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { FoundMessageRow } from "./FoundMessageRow.tsx"
import type { Found } from "./useFound.ts"

interface Props {
  readonly found: Found
  readonly more: () => void
  readonly within: "all" | "conversation"
  readonly isCurrent: (message: FoundMessage) => boolean
  readonly show: (message: FoundMessage) => void
}

export const FoundMessageList = ({ found, more, within, isCurrent, show }: Props) => {
  const texts = useTexts()
  return (
    <>
      <ul>
        {found.messages.map((message) => (
          <FoundMessageRow
            key={message.id}
            message={message}
            within={within}
            isCurrent={isCurrent(message)}
            show={() => show(message)}
          />
        ))}
      </ul>
      {found.error !== null && (
        <p className="nothing" role="alert">
          {texts.searchFailed} {refusalText(texts, found.error)}
        </p>
      )}
      {found.next !== null && (
        <Button className="button more" onPress={more} isDisabled={found.busy}>
          {texts.moreResults}
        </Button>
      )}
    </>
  )
}
