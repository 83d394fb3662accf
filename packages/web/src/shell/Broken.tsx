import { Button } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"

/** Something of ours failed. What was written is kept: loading the page again brings it back. */
export const Broken = () => {
  const texts = useTexts()
  return (
    <div className="conversation-pane no-conversation" role="alert">
      <p>{texts.broken}</p>
      <Button className="button" onPress={() => location.assign("/")}>
        {texts.loadAgain}
      </Button>
    </div>
  )
}
