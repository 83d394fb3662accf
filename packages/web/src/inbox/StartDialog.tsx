import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components"
import { useTexts } from "../texts/TextsContext.tsx"
import { StartForm } from "./StartForm.tsx"

interface Props {
  readonly isOpen: boolean
  readonly onOpenChange: (open: boolean) => void
}

export const StartDialog = ({ isOpen, onOpenChange }: Props) => {
  const texts = useTexts()
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{texts.startTitle}</Heading>
          <p className="quiet">{texts.startHint}</p>
          <StartForm done={() => onOpenChange(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
