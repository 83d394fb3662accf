import { useEffect, useState } from "react"
import { Button, Form, Input, Label, ListBox, ListBoxItem, TextField } from "react-aria-components"
import { INBOX, navigate } from "../shell/Route.ts"
import { useSession } from "../shell/SessionContext.ts"
import { developmentPeople, type OfferedApplication } from "../sign-in/DevelopmentPeople.ts"
import { refusalText } from "../texts/Refusal.ts"
import { useTexts } from "../texts/TextsContext.tsx"

/** The applications of a person, where a development service tells them. */
const useApplications = (): ReadonlyArray<OfferedApplication> => {
  const { person } = useSession()
  const [offered, setOffered] = useState<ReadonlyArray<OfferedApplication>>([])
  useEffect(() => {
    if (person.way !== "development") return
    let wanted = true
    developmentPeople().then(
      (people) => {
        const mine = people?.find(({ userId }) => userId === person.userId)
        if (wanted && mine !== undefined) setOffered(mine.applications)
      },
      // The list is a convenience: an id can be typed all the same.
      () => undefined
    )
    return () => {
      wanted = false
    }
  }, [person])
  return offered
}

export const StartForm = ({ done }: { readonly done: () => void }) => {
  const texts = useTexts()
  const { client } = useSession()
  const [id, setId] = useState("")
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const applications = useApplications()
  const start = (applicationId: string) => {
    if (applicationId === "" || busy) return
    setBusy(true)
    setRefusal(null)
    client
      .start(applicationId)
      .then(
        (conversation) => {
          done()
          navigate({ ...INBOX, conversationId: conversation.id })
        },
        (error: unknown) => setRefusal(refusalText(texts, error))
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      {applications.length > 0 && (
        <ListBox
          className="people applications"
          aria-label={texts.application}
          items={applications.map((application) => ({ ...application, id: application.applicationId }))}
          onAction={(key) => start(String(key))}
        >
          {(application) => (
            <ListBoxItem className="person plain" textValue={application.with ?? application.id}>
              <bdi className="person-name">
                {application.with === null ? application.id : texts.applicationWith(application.with)}
              </bdi>
              <span className="person-about">
                <bdi>{application.id}</bdi>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      )}
      <Form
        onSubmit={(event) => {
          event.preventDefault()
          start(id.trim())
        }}
      >
        <TextField className="field" value={id} onChange={setId} autoFocus autoComplete="off">
          <Label>{texts.application}</Label>
          <Input dir="ltr" />
        </TextField>
        <p className="form-refusal" role="alert">
          {refusal}
        </p>
        <div className="dialog-buttons">
          <Button className="button" onPress={done}>
            {texts.cancel}
          </Button>
          <Button className="button primary" type="submit" isDisabled={id.trim() === "" || busy}>
            {texts.start}
          </Button>
        </div>
      </Form>
    </>
  )
}
