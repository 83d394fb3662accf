import { Icon } from "../shell/Icon.tsx"
import { useTexts } from "../texts/TextsContext.tsx"

/** Stands where a conversation would, on screens with room for two panes. */
export const NoConversation = () => {
  const texts = useTexts()
  return (
    <div className="conversation-pane no-conversation">
      <Icon name="bubble" />
      <p>{texts.chooseConversation}</p>
      <p className="quiet">{texts.chooseConversationHint}</p>
    </div>
  )
}
