import { Button } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"

/**
 * In the place of a part that is loaded when it is first wanted, and could not be: as when a newer version took its file
 * away. Nothing written is lost by loading the page again.
 */
export const NotLoaded = () => {
  const texts = useTexts()
  return (
    <div className="nothing" role="alert">
      <p>{texts.broken}</p>
      <Button className="button" onPress={() => location.reload()}>
        {texts.reload}
      </Button>
    </div>
  )
}
