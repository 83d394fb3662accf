import type { OpenConversation } from "@indelible/client"
import { Button } from "react-aria-components"
import { Icon } from "../shell/Icon.tsx"
import { useObservable } from "../shell/useObservable.ts"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly open: OpenConversation
  readonly back: () => void
}

/** A conversation that is not known yet, or that there is none of. */
export const MissingConversation = ({ open, back }: Props) => {
  const texts = useTexts()
  const { error } = useObservable(open.timeline)
  const said =
    error?.code === "conversation_not_found" ? texts.conversationMissing : refusalText(texts, error)
  return (
    <div className="conversation-pane">
      <div className="conversation">
        <header className="pane-bar">
          <Button className="icon-button back-button" aria-label={texts.back} onPress={back}>
            <Icon name="back" />
          </Button>
        </header>
        <div className="timeline nothing">
          {error === null ? (
            <p className="quiet" role="status">
              {texts.loading}
            </p>
          ) : (
            <p role="alert">{said}</p>
          )}
        </div>
      </div>
    </div>
  )
}
