import { lazy, Suspense, useState } from "react"
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components"
import { Crash } from "../shell/Crash.tsx"
import { Icon } from "../shell/Icon.tsx"
import { NotLoaded } from "../shell/NotLoaded.tsx"
import { useTexts } from "../texts/TextsContext.tsx"

const EmojiPanel = lazy(() => import("./EmojiPanel.tsx"))

interface Props {
  readonly insert: (emoji: string) => void
  /** Where the keyboard goes once an emoji is chosen. */
  readonly back: () => void
}

export const EmojiButton = ({ insert, back }: Props) => {
  const texts = useTexts()
  const [isOpen, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button className="icon-button" aria-label={texts.emoji}>
        <Icon name="emoji" />
      </Button>
      <Popover className="popover emoji-popover" placement="top start">
        <Dialog className="emoji-dialog" aria-label={texts.emoji}>
          <Crash instead={<NotLoaded />}>
            <Suspense fallback={<p className="nothing quiet">{texts.loading}</p>}>
              <EmojiPanel
                choose={(emoji) => {
                  insert(emoji)
                  setOpen(false)
                  requestAnimationFrame(back)
                }}
              />
            </Suspense>
          </Crash>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
