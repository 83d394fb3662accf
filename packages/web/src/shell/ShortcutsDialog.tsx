import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"

interface Props {
  readonly isOpen: boolean
  readonly onOpenChange: (open: boolean) => void
}

export const ShortcutsDialog = ({ isOpen, onOpenChange }: Props) => {
  const texts = useTexts()
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{texts.shortcuts}</Heading>
          <dl className="keys">
            {texts.keys.map(({ keys, does }) => (
              <div key={keys}>
                <dt>
                  <kbd dir="ltr">{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <div className="dialog-buttons">
            <Button slot="close" className="button">
              {texts.close}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
