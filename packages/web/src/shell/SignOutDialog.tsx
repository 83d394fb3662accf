import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"
import { useNotices } from "./Notices.tsx"
import { useSession } from "./SessionContext.ts"
import { useObservable } from "./useObservable.ts"

interface Props {
  readonly isOpen: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Signing out loses what was not sent: it says so before. */
export const SignOutDialog = ({ isOpen, onOpenChange }: Props) => {
  const texts = useTexts()
  const { client, signOut } = useSession()
  const { notify } = useNotices()
  const unsent = useObservable(client.unsent)
  const leave = () => {
    onOpenChange(false)
    signOut().catch((error: unknown) => notify(refusalText(texts, error)))
  }
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{texts.signOutTitle}</Heading>
          {unsent > 0 && <p className="warning">{texts.signOutUnsent(unsent)}</p>}
          <p>{texts.signOutText}</p>
          <div className="dialog-buttons">
            <Button slot="close" className="button">
              {texts.cancel}
            </Button>
            <Button className="button danger" onPress={leave}>
              {texts.signOutNow}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
