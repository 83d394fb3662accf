import type { MessageEntry, OpenConversation } from "@indelible/client"
import { Button } from "react-aria-components"
import { useNotices } from "../shell/Notices.tsx"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly entry: MessageEntry
  readonly open: OpenConversation
}

/** Why a message was not sent, and the two things that can be done about it. */
export const FailedSend = ({ entry, open }: Props) => {
  const texts = useTexts()
  const { notify } = useNotices()
  const { clientMessageId, failure } = entry
  if (clientMessageId === null) return null
  const tell = (error: unknown) => notify(refusalText(texts, error))
  return (
    <div className="failure">
      <span>{texts.notSent(failure === null ? "" : refusalText(texts, failure))}</span>
      <Button className="text-button" onPress={() => open.retry(clientMessageId).catch(tell)}>
        {texts.retry}
      </Button>
      <Button className="text-button" onPress={() => open.discard(clientMessageId).catch(tell)}>
        {texts.discard}
      </Button>
    </div>
  )
}
